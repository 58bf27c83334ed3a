using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows a page of the streams of the request's tenant: a <see cref="StreamPageAnswer"/>.</summary>
public sealed class StreamsHttpResult : EventStoreResult, IEndpointMetadataProvider
{
    private readonly Func<StreamQuery> _query;

    /// <param name="query">Throws what is wrong in it, while the result is executed.</param>
    internal StreamsHttpResult(Func<StreamQuery> query) => _query = query;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(StreamPageAnswer));
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        var page = await session.Events.ListStreamsAsync(_query(), context.RequestAborted).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            Write(json, page);

        var tag = EntityTags.ForAnswer(
            session.TenantId, page.Streams.Select(static stream => stream.StoredVersion), body.WrittenSpan);
        await AnswerWriter.WriteAsync(context, new Answer(body.WrittenMemory, tag, Version: 0), StatusCode).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, StreamPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("streams");
        foreach (var stream in page.Streams)
            StreamWriter.Write(json, stream);

        json.WriteEndArray();
        json.WriteNumber("totalCount", page.TotalCount);
        json.WriteNumber("pageNumber", page.PageNumber);
        json.WriteNumber("pageSize", page.PageSize);
        json.WriteNumber("pageCount", page.PageCount);
        json.WriteEndObject();
    }
}
