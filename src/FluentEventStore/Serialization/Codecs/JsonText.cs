using System.Buffers;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>What jsonb can keep of a text, and short texts without a string in between.</summary>
internal static class JsonText
{
    /// <summary>More characters than any text of a fixed form has.</summary>
    public const int ShortLength = 64;

    /// <summary>Whether a text surely holds nothing that <see cref="RefuseUnstorable"/> refuses: one look at each character.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\u0001', '\uD7FF');

    /// <summary>Refuses what PostgreSQL would refuse or change: NUL and lone surrogates.</summary>
    /// <exception cref="JsonException">The text holds one.</exception>
    public static void RefuseUnstorable(ReadOnlySpan<char> text)
    {
        if (IsPlain(text))
            return;

        var nul = text.IndexOf('\0');
        if (nul >= 0)
            throw new JsonException($"jsonb cannot keep the character U+0000, which stands at index {nul} of the text.");

        var surrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (surrogate >= 0)
            RefuseLoneSurrogates(text, surrogate);
    }

    /// <summary>Writes an ASCII text that needs no escaping, given with its quotes.</summary>
    public static void WriteQuoted(Utf8JsonWriter writer, ReadOnlySpan<byte> quoted) => writer.WriteRawValue(quoted, skipInputValidation: true);

    /// <summary>Copies the text of a string or property name that is at most as long as the buffer.</summary>
    public static bool TryCopy(ref Utf8JsonReader reader, scoped Span<char> buffer, out int length)
    {
        length = 0;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            return false;

        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > buffer.Length)
            return false;

        length = reader.CopyString(buffer);
        return true;
    }

    private static void RefuseLoneSurrogates(ReadOnlySpan<char> text, int from)
    {
        for (var index = from; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;

            if (Rune.DecodeFromUtf16(text[index..], out _, out var consumed) != OperationStatus.Done)
                throw new JsonException($"A lone surrogate, which is no character, stands at index {index} of the text.");

            index += consumed - 1;
        }
    }
}
