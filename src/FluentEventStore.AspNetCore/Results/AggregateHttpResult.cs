using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Shows an aggregate. One with an <c>Id</c> is written by generated code, any other by the JSON options of the application, which need to
/// know its type.
/// </summary>
/// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
public sealed class AggregateHttpResult<T> : EventStoreResult, IEndpointMetadataProvider
    where T : class
{
    private readonly RequestedStream _stream;
    private readonly Func<StreamRange?> _range;

    /// <param name="stream">The stream.</param>
    /// <param name="range">What is folded; throws what is wrong in it, while the result is executed.</param>
    internal AggregateHttpResult(RequestedStream stream, Func<StreamRange?> range) => (_stream, _range) = (stream, range);

    /// <summary>Answers 201, and says where the aggregate is found from now on.</summary>
    /// <param name="location">A URI, absolute or from the root of the host: the header <c>Location</c>.</param>
    public CreatedHttpResult<T> Created(string location)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        return new(this, location);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(T), StatusCodes.Status404NotFound, StatusCodes.Status410Gone);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        StreamId streamId = _stream;
        var cancellationToken = context.RequestAborted;
        var reading = _range() is { } range
            ? session.Events.AggregateStreamVersionedAsync<T>(streamId, range, cancellationToken)
            : session.Events.FetchLatestVersionedAsync<T>(streamId, cancellationToken);
        if (await reading.ConfigureAwait(false) is not { Value: var aggregate, Version: var version })
            throw await Absence.OfAggregateAsync<T>(session, streamId, cancellationToken).ConfigureAwait(false);

        var body = StateBody.Write(context, aggregate);
        var tag = EntityTags.Rendered(EntityTags.ForStream(session.TenantId, streamId, version), body.Span);
        await AnswerWriter.WriteAsync(context, new Answer(body, tag, version.Version), StatusCode).ConfigureAwait(false);
    }
}
