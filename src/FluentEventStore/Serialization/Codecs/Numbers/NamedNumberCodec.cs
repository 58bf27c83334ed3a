using System.ComponentModel;
using System.Numerics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A number as a JSON number, and <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> as strings, as
/// <c>JsonNumberHandling.AllowNamedFloatingPointLiterals</c> asks. It is also read from a string.
/// </summary>
/// <typeparam name="T">The type of the number.</typeparam>
/// <typeparam name="TCodec">Its codec as a JSON number.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NamedNumberCodec<T, TCodec> : IJsonCodec<T>
    where T : struct, INumberBase<T>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T value)
    {
        if (T.IsFinite(value))
            TCodec.Write(writer, value);
        else
            NumberText.Write(writer, value);
    }

    /// <inheritdoc/>
    public static T Read(ref Utf8JsonReader reader) => NumberText.Read<T, TCodec>(ref reader, isNamed: true);
}
