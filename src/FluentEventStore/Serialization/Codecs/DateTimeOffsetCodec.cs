using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.DateTimeOffset"/> as a JSON string that keeps its offset, with seven digits: the form in events.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateTimeOffsetCodec : IJsonCodec<DateTimeOffset>
{
    private const int QuotedLength = 35;

    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, DateTimeOffset value)
    {
        Span<byte> quoted = stackalloc byte[QuotedLength];
        quoted[0] = quoted[^1] = (byte)'"';
        value.TryFormat(quoted[1..^1], out _, "O", CultureInfo.InvariantCulture);
        JsonText.WriteQuoted(writer, quoted);
    }

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

    // True only for the form that Write gives, or one with Z: all others take the longer way.
    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence)
            return false;

        var text = reader.ValueSpan;
        return text is [.., (byte)'Z'] || (text.Length == QuotedLength - 2 && text[^6] is (byte)'+' or (byte)'-');
    }
}
