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
    private readonly RequestedStream _stream;

    internal StreamHttpResult(RequestedStream stream) => _stream = stream;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(StreamAnswer), StatusCodes.Status404NotFound);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        StreamId streamId = _stream;
        var state = await session.Events.FetchStreamStateAsync(streamId, context.RequestAborted).ConfigureAwait(false)
            ?? throw new StreamNotFoundException(streamId);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            StreamWriter.Write(json, state);

        var tag = EntityTags.Rendered(EntityTags.ForStream(session.TenantId, streamId, state.StoredVersion), body.WrittenSpan);
        await AnswerWriter.WriteAsync(context, new Answer(body.WrittenMemory, tag, state.Version), StatusCode).ConfigureAwait(false);
    }
}
