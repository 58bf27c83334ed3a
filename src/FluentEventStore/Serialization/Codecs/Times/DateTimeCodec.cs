using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A <see cref="System.DateTime"/> as a JSON string in UTC with seven digits and <c>Z</c>. A time of unspecified kind counts as UTC.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateTimeCodec : IJsonCodec<DateTime>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, DateTime value)
    {
        var utc = value.Kind switch
        {
            DateTimeKind.Local => value.ToUniversalTime(),
            _ => DateTime.SpecifyKind(value, DateTimeKind.Utc),
        };
        writer.WriteQuoted(utc, "O");
    }

    /// <inheritdoc/>
    public static DateTime Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var value))
            throw JsonFailure.Unreadable(ref reader, "DateTime");

        return value.Kind switch
        {
            DateTimeKind.Utc => value,
            DateTimeKind.Unspecified => DateTime.SpecifyKind(value, DateTimeKind.Utc),
            // Another offset. It is read again, because in local time an hour that the clock passes twice would be ambiguous.
            _ => reader.GetDateTimeOffset().UtcDateTime,
        };
    }
}
