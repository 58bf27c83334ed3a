using System.ComponentModel;
using System.Numerics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A number as a JSON number; it is also read from a string, as <c>JsonNumberHandling.AllowReadingFromString</c> asks.</summary>
/// <typeparam name="T">The type of the number.</typeparam>
/// <typeparam name="TCodec">Its codec as a JSON number.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LenientNumberCodec<T, TCodec> : IJsonCodec<T>
    where T : struct, INumberBase<T>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T value) => TCodec.Write(writer, value);

    /// <inheritdoc/>
    public static T Read(ref Utf8JsonReader reader) => NumberText.Read<T, TCodec>(ref reader, isNamed: false);
}
