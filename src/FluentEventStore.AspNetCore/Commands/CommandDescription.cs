using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Lets descriptions of the application tell of command endpoints: they show endpoints that a method stands for, and the parameters that it
/// binds. For endpoints without a handler whose parameters are looked at by reflection, both are told here.
/// </summary>
internal static class CommandDescription
{
    private static readonly MethodInfo Method = ((Action<string>)Command).Method;

    public static IEndpointConventionBuilder WithParametersOfRoute(this IEndpointConventionBuilder endpoint)
    {
        // The pattern of the endpoint itself: groups around it have parameters too.
        endpoint.Finally(static builder =>
        {
            if (builder is not RouteEndpointBuilder route)
                return;

            builder.Metadata.Add(Method);
            foreach (var parameter in route.RoutePattern.Parameters)
                builder.Metadata.Add(new RouteParameter(parameter.Name));
        });
        return endpoint;
    }

    private static void Command(string parameter)
    {
    }

    private sealed class RouteParameter(string name) : IParameterBindingMetadata
    {
        public string Name => name;

        public bool HasTryParse => false;

        public bool HasBindAsync => false;

        public ParameterInfo ParameterInfo => Method.GetParameters()[0];

        public bool IsOptional => false;
    }
}
