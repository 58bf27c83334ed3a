using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// A parameter that an endpoint reads from its request by itself, for descriptions of the application such as OpenAPI: they look at
/// parameters of methods.
/// </summary>
/// <param name="parameter">A parameter of the same type, and with attributes that say where the value stands.</param>
/// <param name="name">Its name in the request.</param>
/// <param name="isOptional">Whether it may be left out.</param>
internal sealed class EndpointParameter(ParameterInfo parameter, string name, bool isOptional) : IParameterBindingMetadata
{
    public string Name => name;

    public bool HasTryParse => parameter.ParameterType != typeof(string);

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => isOptional;
}
