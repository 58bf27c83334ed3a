using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// The names of an enum. A value is written as its name, a combination of flags as <c>A, B</c>, and a value without a name as its number;
/// all three can be read.
/// </summary>
/// <typeparam name="TEnum">The enum.</typeparam>
/// <typeparam name="TNumber">The type of its numbers.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EnumNames<TEnum, TNumber>
    where TEnum : struct, Enum
    where TNumber : struct, IBinaryInteger<TNumber>
{
    private const string Separator = ", ";

    private readonly (TEnum Value, string Name, byte[] Utf8)[] _names;
    private readonly Dictionary<TEnum, byte[]> _encoded;
    private readonly bool _flags;

    /// <summary>Collects the names.</summary>
    /// <param name="flags">Whether the values can be combined.</param>
    /// <param name="names">The values in order of declaration. If two are equal, the first one's name is written; both can be read.</param>
    public EnumNames(bool flags, params (TEnum Value, string Name)[] names)
    {
        _flags = flags;
        _names = Array.ConvertAll(names, static name => (name.Value, name.Name, Encoding.UTF8.GetBytes(name.Name)));
        _encoded = new Dictionary<TEnum, byte[]>(names.Length);
        using var writer = new JsonWriter();
        foreach (var (value, name) in names)
        {
            writer.Begin().WriteText(name);
            _encoded.TryAdd(value, writer.Piece.ToArray());
        }
    }

    /// <summary>Writes a value.</summary>
    public void Write(JsonWriter writer, TEnum value)
    {
        if (_encoded.TryGetValue(value, out var name))
            writer.WriteRaw(name);
        else if (_flags && Combine(value) is { } names)
            writer.WriteText(names);
        else
            writer.WriteNumber(Number(value));
    }

    /// <summary>Writes a value as a property name.</summary>
    public void WriteName(JsonWriter writer, TEnum value)
    {
        if (_encoded.TryGetValue(value, out var name))
            writer.Name(name.AsSpan(1, name.Length - 2));
        else
            writer.WriteName((_flags ? Combine(value) : null) ?? Number(value).ToString(null, CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a value, written by name or by number.</summary>
    /// <exception cref="JsonException">The JSON is no name and no number of the enum's type.</exception>
    public TEnum Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => ReadName(ref reader),
        JsonTokenType.Number when TNumber.TryParse(
            reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, CultureInfo.InvariantCulture, out var number) =>
            Unsafe.BitCast<TNumber, TEnum>(number),
        _ => throw JsonFailure.Unreadable(ref reader, typeof(TEnum).Name),
    };

    /// <summary>Reads a value from a string or a property name.</summary>
    /// <exception cref="JsonException">The text is no name of the enum.</exception>
    public TEnum ReadName(ref Utf8JsonReader reader)
    {
        foreach (var (value, _, utf8) in _names)
        {
            if (reader.ValueTextEquals(utf8))
                return value;
        }

        return TryParse(reader.GetString()!, out var parsed) ? parsed : throw JsonFailure.Unreadable(ref reader, typeof(TEnum).Name);
    }

    private static TNumber Number(TEnum value) => Unsafe.BitCast<TEnum, TNumber>(value);

    private string? Combine(TEnum value)
    {
        var rest = Number(value);
        var parts = new List<(TNumber Number, string Name)>();
        foreach (var (candidate, name, _) in _names.OrderByDescending(static name => Number(name.Value)))
        {
            var bits = Number(candidate);
            if (bits == TNumber.Zero || (rest & bits) != bits)
                continue;

            rest ^= bits;
            parts.Add((bits, name));
        }

        parts.Reverse();
        return rest == TNumber.Zero && parts.Count > 0 ? string.Join(Separator, parts.Select(static part => part.Name)) : null;
    }

    private bool TryParse(string text, out TEnum value)
    {
        var number = TNumber.Zero;
        value = default;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var index = Array.FindIndex(_names, name => name.Name == part);
            if (index < 0 || !_flags)
                return TNumber.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                    && Assign(number, out value);

            number |= Number(_names[index].Value);
        }

        return Assign(number, out value);
    }

    private static bool Assign(TNumber number, out TEnum value)
    {
        value = Unsafe.BitCast<TNumber, TEnum>(number);
        return true;
    }
}
