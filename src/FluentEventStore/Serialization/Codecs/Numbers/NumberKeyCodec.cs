using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>An integer as a property name.</summary>
/// <typeparam name="T">A type of at most 64 bits.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NumberKeyCodec<T> : IJsonKeyCodec<T>
    where T : struct, IBinaryInteger<T>
{
    /// <inheritdoc/>
    public static void WriteName(JsonWriter writer, T key)
    {
        Span<byte> name = stackalloc byte[JsonText.ShortLength];
        key.TryFormat(name, out var length, default, CultureInfo.InvariantCulture);
        writer.Name(name[..length]);
    }

    /// <inheritdoc/>
    public static T ReadName(ref Utf8JsonReader reader)
    {
        Span<char> name = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, name, out var length)
            && T.TryParse(name[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key)
                ? key
                : throw JsonFailure.Unreadable(ref reader, typeof(T).Name);
    }
}
