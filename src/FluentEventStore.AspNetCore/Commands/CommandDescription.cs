using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Lets descriptions of the application tell of command endpoints: they show endpoints that a method stands for, and the parameters that it
/// binds. For endpoints without a handler whose parameters are looked at by reflection, both are told here.
/// </summary>
internal static class CommandDescription
{
    private static readonly MethodInfo Method = ((Action<string, Guid, int, long>)Command).Method;
    private static readonly ParameterInfo[] Parameters = Method.GetParameters();

    public static IEndpointConventionBuilder WithParametersOfRoute(this IEndpointConventionBuilder endpoint)
    {
        // The pattern of the endpoint itself: groups around it have parameters too.
        endpoint.Finally(static builder =>
        {
            if (builder is not RouteEndpointBuilder route)
                return;

            builder.Metadata.Add(Method);
            foreach (var parameter in route.RoutePattern.Parameters)
                builder.Metadata.Add(new EndpointParameter(LikenessOf(parameter), parameter.Name, isOptional: false));
        });
        return endpoint;
    }

    private static ParameterInfo LikenessOf(RoutePatternParameterPart part) =>
        Parameters.FirstOrDefault(parameter => part.ParameterPolicies.Any(policy => policy.Content == parameter.Name)) ?? Parameters[0];

    // Named as the constraints of routes: {id:guid}.
    private static void Command(string text, Guid guid, int @int, long @long)
    {
    }
}
