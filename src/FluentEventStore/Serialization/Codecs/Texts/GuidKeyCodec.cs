using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.Guid"/> as a property name in the lower-case <c>D</c> form.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GuidKeyCodec : IJsonKeyCodec<Guid>
{
    private const int Length = 36;

    /// <inheritdoc/>
    public static void WriteName(JsonWriter writer, Guid key)
    {
        Span<byte> name = stackalloc byte[Length];
        key.TryFormat(name, out _, "D");
        writer.Name(name);
    }

    /// <inheritdoc/>
    public static Guid ReadName(ref Utf8JsonReader reader)
    {
        Span<char> name = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, name, out var length) && Guid.TryParseExact(name[..length], "D", out var key)
            ? key
            : throw JsonFailure.Unreadable(ref reader, "Guid");
    }
}
