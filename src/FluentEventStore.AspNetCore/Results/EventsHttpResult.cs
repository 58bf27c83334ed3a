using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows a page of the events of a stream: an <see cref="EventPageAnswer"/>.</summary>
public sealed class EventsHttpResult : EventStoreResult, IEndpointMetadataProvider
{
    // A page is held in memory as a whole.
    private const int MaxBytes = 4 << 20;

    private readonly RequestedStream _stream;
    private readonly EventsQuery _query;
    private bool _includesArchived;

    internal EventsHttpResult(RequestedStream stream, EventsQuery query) => (_stream, _query) = (stream, query);

    /// <summary>Shows the events of an archived stream too. Those of a deleted one are never shown.</summary>
    /// <returns>This.</returns>
    public EventsHttpResult IncludeArchived()
    {
        _includesArchived = true;
        return this;
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(
            builder,
            typeof(EventPageAnswer),
            StatusCodes.Status404NotFound,
            StatusCodes.Status410Gone);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        StreamId streamId = _stream;
        var (start, maxCount) = _query.Read();
        var body = new ArrayBufferWriter<byte>();
        var count = 0;
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            EventCursor? next = null;
            var writer = new EventWriter();

            // One more tells whether a page follows.
            var range = start.Range(maxCount + 1, _includesArchived);
            await foreach (var @event in session.Events.ReadStreamAsync(streamId, range, context.RequestAborted).ConfigureAwait(false))
            {
                if (count == maxCount || (count > 0 && json.BytesCommitted + json.BytesPending >= MaxBytes))
                {
                    next = start with { Version = @event.Link?.Version ?? @event.Version };
                    break;
                }

                writer.Write(json, @event);
                count++;
            }

            json.WriteEndArray();
            json.WriteString("next", next?.ToString());
            json.WriteEndObject();
        }

        if (count == 0
            && await Absence.FindAsync(session, streamId, _includesArchived, context.RequestAborted).ConfigureAwait(false) is { } absence)
            throw absence;

        var tag = EntityTags.ForAnswer(session.TenantId, [], body.WrittenSpan);
        await AnswerWriter.WriteAsync(context, new Answer(body.WrittenMemory, tag, Version: 0), StatusCode).ConfigureAwait(false);
    }
}
