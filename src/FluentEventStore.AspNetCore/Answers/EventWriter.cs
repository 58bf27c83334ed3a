using System.Buffers;
using System.Text.Json;

namespace FluentEventStore.AspNetCore;

/// <summary>Writes events as <see cref="EventAnswer"/> describes them, on one line. Not for use by several threads at once.</summary>
internal sealed class EventWriter
{
    private readonly ArrayBufferWriter<byte> _data = new();

    public void Write(Utf8JsonWriter json, IEvent @event)
    {
        json.WriteStartObject();
        json.WriteString("id", @event.Id);
        json.WriteNumber("position", @event.Position);
        json.WriteString("streamId", @event.StreamId.Value);
        json.WriteNumber("version", @event.Version);
        json.WriteString("type", @event.TypeName);
        json.WriteNumber("typeVersion", @event.TypeVersion);
        json.WriteString("timestamp", @event.Timestamp.UtcDateTime);
        json.WriteString("correlationId", @event.CorrelationId);
        json.WriteString("causationId", @event.CausationId);
        json.WriteString("userName", @event.UserName);
        json.WriteStartObject("headers");
        foreach (var (key, value) in @event.Headers)
            json.WriteString(key, value);

        json.WriteEndObject();
        if (@event.TenantId != TenantId.Default)
            json.WriteString("tenantId", @event.TenantId.Value);

        if (@event.Link is { } link)
            Write(json, link);

        json.WritePropertyName("data");
        json.WriteRawValue(DataOf(@event), skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EventLink link)
    {
        json.WriteStartObject("link");
        json.WriteString("streamId", link.StreamId.Value);
        json.WriteNumber("version", link.Version);
        json.WriteNumber("position", link.Position);
        json.WriteEndObject();
    }

    private ReadOnlySpan<byte> DataOf(IEvent @event)
    {
        _data.ResetWrittenCount();
        return EventStoreJson.TryWrite(@event.Data, _data)
            ? _data.WrittenSpan
            : throw new InvalidOperationException($"{@event.Data.GetType()} is no event of the store, so its JSON is not known.");
    }
}
