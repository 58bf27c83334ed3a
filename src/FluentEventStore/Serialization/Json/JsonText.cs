using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Checks what jsonb can keep of a text, and copies short texts without allocating a string.</summary>
internal static class JsonText
{
    /// <summary>No text of a fixed form has as many characters.</summary>
    public const int ShortLength = 64;

    /// <summary>What must be escaped in JSON: quotes, backslashes and control characters.</summary>
    public static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>How many bytes a byte of a text takes, escaped if it has to be.</summary>
    public static int EscapedLength(byte character) => character switch
    {
        (byte)'"' or (byte)'\\' or (byte)'\b' or (byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' => 2,
        < 0x20 => 6,
        _ => 1,
    };

    /// <summary>Writes a byte of a text, escaped if it has to be.</summary>
    public static void Escape(byte character, Span<byte> target)
    {
        switch (EscapedLength(character))
        {
            case 1:
                target[0] = character;
                break;

            case 2:
                target[0] = (byte)'\\';
                target[1] = character switch
                {
                    (byte)'\b' => (byte)'b',
                    (byte)'\t' => (byte)'t',
                    (byte)'\n' => (byte)'n',
                    (byte)'\f' => (byte)'f',
                    (byte)'\r' => (byte)'r',
                    _ => character,
                };
                break;

            default:
                "\\u00"u8.CopyTo(target);
                character.TryFormat(target[4..], out _, "x2", CultureInfo.InvariantCulture);
                break;
        }
    }

    /// <summary>Refuses what PostgreSQL would refuse or change: NUL and lone surrogates.</summary>
    /// <exception cref="JsonException">The text holds one.</exception>
    public static void RefuseUnstorable(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\u0001', '\uD7FF'))
            return;

        var nul = text.IndexOf('\0');
        if (nul >= 0)
            throw new JsonException($"jsonb cannot keep the character U+0000, which is at index {nul} of the text.");

        var surrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (surrogate >= 0)
            RefuseLoneSurrogates(text, surrogate);
    }

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
                throw new JsonException($"A lone surrogate, which is not a character, is at index {index} of the text.");

            index += consumed - 1;
        }
    }
}
