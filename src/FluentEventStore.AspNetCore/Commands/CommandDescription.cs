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
    private static readonly string[] Constraints = ["", "guid", "int", "long"];

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

    private static ParameterInfo LikenessOf(RoutePatternParameterPart part) => Parameters[part.ParameterPolicies
        .Select(static policy => Array.IndexOf(Constraints, policy.Content))
        .FirstOrDefault(static index => index > 0)];

    // In the order of the constraints.
    private static void Command(string text, Guid guid, int number, long large)
    {
    }
}
