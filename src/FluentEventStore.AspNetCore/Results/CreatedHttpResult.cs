using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows what the request created, with 201 and its <c>Location</c>.</summary>
/// <typeparam name="T">The type of what is shown.</typeparam>
public sealed class CreatedHttpResult<T> : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
    where T : class
{
    private readonly EventStoreResult _shown;

    internal CreatedHttpResult(EventStoreResult shown, string location)
    {
        (shown.StatusCode, shown.Location) = (StatusCodes.Status201Created, location);
        _shown = shown;
    }

    /// <summary>Where it is found from now on.</summary>
    public string Location => _shown.Location!;

    /// <summary>201.</summary>
    public int StatusCode => _shown.StatusCode;

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => _shown.ExecuteAsync(httpContext);

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(T), AnswerWriter.Json, StatusCodes.Status201Created);
        ResultMetadata.AddProblem(builder, StatusCodes.Status400BadRequest);
        ResultMetadata.AddProblem(builder, StatusCodes.Status500InternalServerError);
    }
}
