using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows what is known of a stream itself, even if it is archived or deleted: a <see cref="StreamAnswer"/>.</summary>
public sealed class StreamHttpResult : EventStoreResult, IEndpointMetadataProvider
{
    private readonly StreamId _streamId;

    internal StreamHttpResult(StreamId streamId) => _streamId = streamId;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(StreamAnswer), StatusCodes.Status404NotFound);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        var state = await session.Events.FetchStreamStateAsync(_streamId, context.RequestAborted).ConfigureAwait(false)
            ?? throw new StreamNotFoundException(_streamId);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            StreamWriter.Write(json, state);

        var tag = EntityTags.Rendered(EntityTags.ForStream(session.TenantId, _streamId, state.StoredVersion), body.WrittenSpan);
        await AnswerWriter.WriteAsync(context, new Answer(body.WrittenMemory, tag, state.Version), StatusCode).ConfigureAwait(false);
    }
}
