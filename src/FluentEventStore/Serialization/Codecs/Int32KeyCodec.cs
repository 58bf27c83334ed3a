using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="int"/> as a property name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Int32KeyCodec : IJsonKeyCodec<int>
{
    /// <inheritdoc/>
    public static void WriteName(Utf8JsonWriter writer, int key)
    {
        Span<byte> name = stackalloc byte[JsonText.ShortLength];
        key.TryFormat(name, out var length, provider: CultureInfo.InvariantCulture);
        writer.WritePropertyName(name[..length]);
    }

    /// <inheritdoc/>
    public static int ReadName(ref Utf8JsonReader reader)
    {
        Span<char> name = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, name, out var length)
            && int.TryParse(name[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key)
                ? key
                : throw JsonFailure.Unreadable(ref reader, "int");
    }
}
