using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FluentEventStore.Serialization;

/// <summary>
/// Writes JSON without white space, one piece after the other, into rented memory. It is faster than <see cref="Utf8JsonWriter"/>, since it
/// looks at each text once and writes a name in one go; and it refuses what jsonb cannot keep. Codecs must make the calls in an order that
/// gives JSON.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JsonWriter : IDisposable
{
    private const int SmallestSize = 4096;

    // No number, date or id is longer, including its quotes and the comma before it.
    private const int LongestFixed = 80;

    // Up to this length, room for three bytes a character costs less than counting the bytes.
    private const int ShortText = 4096;
    private const int BytesPerCharacter = 3;

    private List<byte[]>? _full;
    private byte[] _current = ArrayPool<byte>.Shared.Rent(SmallestSize);
    private int _pieceStart;
    private int _written;
    private bool _isNext;

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth { get; private set; }

    /// <summary>
    /// The piece that was begun last, as far as it is written. It is in one array and, once it is complete, stays there until this is
    /// disposed.
    /// </summary>
    public ReadOnlyMemory<byte> Piece => _current.AsMemory(_pieceStart, _written - _pieceStart);

    /// <summary>About how many bytes all pieces take.</summary>
    internal long Size => _written + (_full?.Sum(static array => (long)array.Length) ?? 0);

    /// <summary>Begins a piece.</summary>
    /// <returns>This.</returns>
    public JsonWriter Begin()
    {
        (_pieceStart, _isNext, Depth) = (_written, false, 0);
        return this;
    }

    /// <summary>Begins a piece in the memory of the earlier ones, which are no longer valid.</summary>
    /// <returns>This.</returns>
    public JsonWriter Reset()
    {
        ReturnFull();
        _written = 0;
        return Begin();
    }

    /// <summary>Begins an object, as a value.</summary>
    public void WriteStartObject() => Open((byte)'{');

    /// <summary>Ends the object that was begun last.</summary>
    public void WriteEndObject() => Close((byte)'}');

    /// <summary>Begins an array, as a value.</summary>
    public void WriteStartArray() => Open((byte)'[');

    /// <summary>Ends the array that was begun last.</summary>
    public void WriteEndArray() => Close((byte)']');

    /// <summary>Writes the name of a property, whose value comes next.</summary>
    /// <param name="name">In UTF-8, escaped where JSON demands it.</param>
    /// <returns>This.</returns>
    public JsonWriter Name(ReadOnlySpan<byte> name)
    {
        var target = Reserve(name.Length + 4);
        var length = 0;
        if (_isNext)
            target[length++] = (byte)',';

        target[length++] = (byte)'"';
        name.CopyTo(target[length..]);
        length += name.Length;
        target[length++] = (byte)'"';
        target[length++] = (byte)':';
        _written += length;
        _isNext = false;
        return this;
    }

    /// <summary>Writes the name of a property, whose value comes next.</summary>
    /// <param name="name">Any text.</param>
    /// <exception cref="JsonException">jsonb cannot keep the text.</exception>
    public void WriteName(ReadOnlySpan<char> name)
    {
        WriteText(name);
        Reserve(1)[0] = (byte)':';
        _written++;
        _isNext = false;
    }

    /// <summary>Writes a text, as a value.</summary>
    /// <exception cref="JsonException">jsonb cannot keep the text: it holds U+0000 or a lone surrogate.</exception>
    public void WriteText(ReadOnlySpan<char> text)
    {
        var target = Reserve(3 + (text.Length <= ShortText ? text.Length * BytesPerCharacter : Encoding.UTF8.GetByteCount(text)));
        var start = Separate(target);
        target[start++] = (byte)'"';
        if (Utf8.FromUtf16(text, target[start..], out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
            JsonText.RefuseUnstorable(text);

        // What is refused leaves nothing behind: the path of an error is found by what was written.
        var isEscaped = target.Slice(start, length).ContainsAny(JsonText.Escaped);
        if (isEscaped)
            JsonText.RefuseUnstorable(text);

        _written += start + length;
        if (isEscaped)
            Escape(length);

        Reserve(1)[0] = (byte)'"';
        End(1);
    }

    /// <summary>Writes a value as a string. Its format is ASCII that needs no escaping.</summary>
    public void WriteQuoted<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        var target = Reserve(LongestFixed);
        var start = Separate(target);
        target[start++] = (byte)'"';
        value.TryFormat(target[start..], out var length, format, CultureInfo.InvariantCulture);
        target[start + length] = (byte)'"';
        End(start + length + 1);
    }

    /// <summary>Writes a number that has fewer than 80 characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteNumber<T>(T value)
        where T : struct, IUtf8SpanFormattable
    {
        var target = Reserve(LongestFixed);
        var start = Separate(target);
        value.TryFormat(target[start..], out var length, default, CultureInfo.InvariantCulture);
        End(start + length);
    }

    /// <summary>Writes a number with its decimals.</summary>
    public void WriteNumber(decimal value)
    {
        var target = Reserve(LongestFixed);
        var start = Separate(target);
        End(start + ShortNumber.Format(value, target[start..]));
    }

    /// <summary>Writes a finite number with as many digits as it takes to read the same number.</summary>
    public void WriteNumber(double value)
    {
        var target = Reserve(LongestFixed);
        var start = Separate(target);
        End(start + ShortNumber.Format(value, target[start..]));
    }

    /// <summary>Writes <c>true</c> or <c>false</c>.</summary>
    public void WriteBoolean(bool value) => WriteRaw(value ? "true"u8 : "false"u8);

    /// <summary>Writes <c>null</c>.</summary>
    public void WriteNull() => WriteRaw("null"u8);

    /// <summary>Writes bytes as a string in base64.</summary>
    public void WriteBase64(ReadOnlySpan<byte> bytes)
    {
        var target = Reserve(3 + Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        var start = Separate(target);
        target[start++] = (byte)'"';
        Base64.EncodeToUtf8(bytes, target[start..], out _, out var length);
        target[start + length] = (byte)'"';
        End(start + length + 1);
    }

    /// <summary>Writes a value that is JSON already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> json)
    {
        var target = Reserve(json.Length + 1);
        var start = Separate(target);
        json.CopyTo(target[start..]);
        End(start + json.Length);
    }

    /// <summary>Gives the memory back; no piece is valid any more.</summary>
    public void Dispose()
    {
        ReturnFull();
        ArrayPool<byte>.Shared.Return(_current);
        _current = [];
        (_pieceStart, _written) = (0, 0);
    }

    private void ReturnFull()
    {
        if (_full is null)
            return;

        foreach (var array in _full)
            ArrayPool<byte>.Shared.Return(array);

        _full = null;
    }

    private void Open(byte bracket)
    {
        var target = Reserve(2);
        var start = Separate(target);
        target[start] = bracket;
        _written += start + 1;
        _isNext = false;
        Depth++;
    }

    private void Close(byte bracket)
    {
        Reserve(1)[0] = bracket;
        End(1);
        Depth--;
    }

    /// <summary>Counts a value of this length as written; whatever comes next stands after a comma.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(int length)
    {
        _written += length;
        _isNext = true;
    }

    private int Separate(Span<byte> target)
    {
        if (!_isNext)
            return 0;

        target[0] = (byte)',';
        return 1;
    }

    /// <summary>Escapes in place what was written last, beginning at its end.</summary>
    private void Escape(int length)
    {
        var more = 0;
        foreach (var character in _current.AsSpan(_written - length, length))
            more += JsonText.EscapedLength(character) - 1;

        Reserve(more);
        var text = _current.AsSpan(_written - length, length + more);
        _written += more;
        for (var (from, to) = (length - 1, text.Length); from < to - 1; from--)
        {
            var character = text[from];
            to -= JsonText.EscapedLength(character);
            JsonText.Escape(character, text[to..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_current.Length - _written < count)
            Grow(count);

        return _current.AsSpan(_written);
    }

    private void Grow(int count)
    {
        // Only the piece that is being written moves: earlier ones stay in their array.
        var piece = Piece;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(piece.Length * 2 + count), _current.Length));
        piece.Span.CopyTo(larger);
        (_full ??= []).Add(_current);
        _current = larger;
        (_pieceStart, _written) = (0, piece.Length);
    }
}
