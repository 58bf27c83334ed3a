using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows a document as it is stored: its JSON is not decoded.</summary>
/// <typeparam name="T">The type of the document, or of an aggregate that the store keeps as an inline snapshot.</typeparam>
public sealed class DocumentHttpResult<T> : EventStoreResult, IEndpointMetadataProvider
    where T : class
{
    private readonly Func<DocumentId> _id;

    /// <param name="id">Throws what is wrong in it, while the result is executed.</param>
    internal DocumentHttpResult(Func<DocumentId> id) => _id = id;

    /// <summary>Answers 201, and says where the document is found from now on.</summary>
    /// <param name="location">A URI, absolute or from the root of the host: the header <c>Location</c>.</param>
    public CreatedHttpResult<T> Created(string location)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        return new(this, location);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(T), StatusCodes.Status404NotFound);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        var id = _id();
        var loaded = await session.LoadJsonAsync<T>(id, context.RequestAborted).ConfigureAwait(false);
        var streamId = session.KeepsSnapshots<T>() ? StreamOf(id) : null;
        if (loaded is not { Value: var json, Version: var version })
        {
            throw streamId is { } missing
                ? await Absence.OfAggregateAsync<T>(session, missing, context.RequestAborted).ConfigureAwait(false)
                : new DocumentNotFoundException(typeof(T), id);
        }

        // A snapshot may be folded anew from the same events, by another release or without personal data.
        var tag = streamId is { } stream
            ? EntityTags.Rendered(EntityTags.ForStream(session.TenantId, stream, version), json.Span)
            : EntityTags.ForDocument<T>(session.TenantId, id, version);
        await AnswerWriter.WriteAsync(context, new Answer(json, tag, version.Version), StatusCode).ConfigureAwait(false);
    }

    /// <returns><see langword="null"/> if no stream can have the id.</returns>
    private static StreamId? StreamOf(DocumentId id) =>
        StreamId.TryParse(id.ToString(), provider: null, out var streamId) ? streamId : default(StreamId?);
}
