using System.Text.Json;

namespace FluentEventStore.AspNetCore;

/// <summary>Writes what is known of a stream, as <see cref="StreamAnswer"/> describes it.</summary>
internal static class StreamWriter
{
    public static void Write(Utf8JsonWriter json, StreamState stream)
    {
        json.WriteStartObject();
        json.WriteString("streamId", stream.StreamId.Value);
        json.WriteNumber("version", stream.Version);
        json.WriteString("created", stream.Created.UtcDateTime);
        json.WriteString("lastAppended", stream.LastAppended.UtcDateTime);
        json.WriteString("aggregateType", stream.AggregateType);
        json.WriteBoolean("isArchived", stream.IsArchived);
        json.WriteBoolean("isDeleted", stream.IsDeleted);
        json.WriteBoolean("isTombstoned", stream.IsTombstoned);
        json.WriteNumber("truncatedBefore", stream.TruncatedBefore);
        json.WriteEndObject();
    }
}
