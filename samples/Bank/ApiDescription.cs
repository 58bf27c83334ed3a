using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bank;

internal static class ApiDescription
{
    /// <summary>Tells that every request names its branch.</summary>
    public static void Describe(OpenApiOptions options) => options.AddOperationTransformer(static (operation, _, _) =>
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = Branches.Header,
            In = ParameterLocation.Header,
            Required = true,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. Branches.Names.Select(static name => JsonValue.Create(name))],
            },
        });
        return Task.CompletedTask;
    });
}
