using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.DateTimeOffset"/> as a JSON string that keeps its offset, with seven digits: the form in events.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateTimeOffsetCodec : IJsonCodec<DateTimeOffset>
{
    private const int Length = 33;

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, DateTimeOffset value) => writer.WriteQuoted(value, "O");

    /// <inheritdoc/>
    public static DateTimeOffset Read(ref Utf8JsonReader reader)
    {
        if (HasOffset(ref reader) && reader.TryGetDateTimeOffset(out var value))
            return value;

        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var time))
            throw JsonFailure.Unreadable(ref reader, "DateTimeOffset");

        // A text without an offset counts as UTC, wherever it is read.
        return time.Kind == DateTimeKind.Local ? reader.GetDateTimeOffset() : new DateTimeOffset(time.Ticks, TimeSpan.Zero);
    }

    // True only for the form that Write gives or one with Z: all others take the longer way.
    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence)
            return false;

        var text = reader.ValueSpan;
        return text is [.., (byte)'Z'] || (text.Length == Length && text[^6] is (byte)'+' or (byte)'-');
    }
}
