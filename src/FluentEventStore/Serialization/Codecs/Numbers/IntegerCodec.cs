using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>An integer beyond 64 bits as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IntegerCodec<T> : IJsonCodec<T>
    where T : struct, IBinaryInteger<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T value)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(value.GetByteCount() * 3 + 1);
        try
        {
            // A byte has 2.41 digits.
            if (!value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture) || length > NumberText.MaxLength)
                throw new JsonException($"The number has more than {NumberText.MaxLength - 1} digits, so jsonb may be unable to keep it.");

            writer.WriteRaw(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public static T Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            var digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
            if (digits.Length <= NumberText.MaxLength
                && T.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                return value;
        }

        throw JsonFailure.Unreadable(ref reader, typeof(T).Name);
    }
}
