using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Tells encrypted values from those that only look like them: nine random bytes, made when an event is encrypted. They are in the property
/// <c>$</c> of the event, which no data of an event can have, and at the beginning of each value that was encrypted with it. Whoever
/// supplies the data cannot know them beforehand.
/// </summary>
internal static class SealedMark
{
    public const int Length = 9;

    private const string PropertyName = "$";

    // Nine bytes are twelve characters of base64 without padding, so that the base64 of a value begins with that of its mark.
    private const int TextLength = Length / 3 * 4;

    private static ReadOnlySpan<byte> Property => "\"$\":"u8;

    public static byte[] Create() => RandomNumberGenerator.GetBytes(Length);

    /// <summary>Whether the JSON of an event may have the property; without it, nothing in the event is encrypted.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf(Property) >= 0;

    /// <summary>The JSON of an event, an object with other properties, and the mark.</summary>
    public static byte[] Add(ReadOnlySpan<byte> json, ReadOnlySpan<byte> mark)
    {
        // {"$":"mark", and then what follows the opening bracket.
        var headLength = 1 + Property.Length + 1 + TextLength + 2;
        var marked = new byte[headLength + json.Length - 1];
        marked[0] = (byte)'{';
        Property.CopyTo(marked.AsSpan(1));
        marked[1 + Property.Length] = (byte)'"';
        Base64.EncodeToUtf8(mark, marked.AsSpan(2 + Property.Length), out _, out _);
        marked[headLength - 2] = (byte)'"';
        marked[headLength - 1] = (byte)',';
        json[1..].CopyTo(marked.AsSpan(headLength));
        return marked;
    }

    /// <summary>Whether the value begins with the text of a mark, in base64.</summary>
    public static bool Begins(ref Utf8JsonReader reader, ReadOnlySpan<byte> mark)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Base64.EncodeToUtf8(mark, text, out _, out _);
        return reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith(text);
    }

    /// <summary>Takes the mark out of the JSON of an event.</summary>
    /// <param name="json">The JSON of an event.</param>
    /// <param name="rest">The same with blanks where the mark was, so that errors find the same places.</param>
    /// <returns>The mark; <see langword="null"/> if there is none.</returns>
    /// <exception cref="JsonException">The property is there and is no mark, or this is no JSON.</exception>
    public static byte[]? Take(ReadOnlySpan<byte> json, out byte[] rest)
    {
        rest = [];
        var reader = new Utf8JsonReader(json);
        if (!TryFind(ref reader))
            return null;

        var start = (int)reader.TokenStartIndex;
        reader.Read();
        var mark = new byte[Length];
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length != TextLength
            || Base64.DecodeFromUtf8(reader.ValueSpan, mark, out _, out var length) != System.Buffers.OperationStatus.Done
            || length != Length)
        {
            throw new JsonException($"The property '{PropertyName}' does not hold what the store writes there.");
        }

        rest = json.ToArray();
        rest.AsSpan(start, (int)reader.BytesConsumed - start).Fill((byte)' ');
        BlankComma(rest, start, (int)reader.BytesConsumed);
        return mark;
    }

    /// <summary>Refuses data of an event that has the property itself.</summary>
    /// <exception cref="JsonException">The data has the property.</exception>
    public static void RefuseIn(ReadOnlySpan<byte> json)
    {
        if (!MayBeIn(json))
            return;

        var reader = new Utf8JsonReader(json);
        if (TryFind(ref reader))
            throw new JsonException(
                $"The property '{PropertyName}' of an event belongs to the store, which notes there what is encrypted.");
    }

    private static bool TryFind(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(PropertyName))
                return true;

            reader.Skip();
        }

        return false;
    }

    /// <summary>Blanks the comma after what was taken out, or else the one before it.</summary>
    private static void BlankComma(Span<byte> json, int start, int end)
    {
        var after = json[end..].IndexOfAnyExcept(" \t\r\n"u8);
        if (json[end + after] == (byte)',')
        {
            json[end + after] = (byte)' ';
            return;
        }

        var before = json[..start].LastIndexOfAnyExcept(" \t\r\n"u8);
        if (json[before] == (byte)',')
            json[before] = (byte)' ';
    }
}
