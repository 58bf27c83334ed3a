using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>An enum as its number, as <c>JsonNumberEnumConverter</c> asks.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
/// <typeparam name="TNumber">The type of its numbers.</typeparam>
/// <typeparam name="TCodec">The codec of its numbers.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct EnumNumberCodec<TEnum, TNumber, TCodec> : IJsonCodec<TEnum>
    where TEnum : struct, Enum
    where TNumber : struct, IBinaryInteger<TNumber>
    where TCodec : struct, IJsonCodec<TNumber>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TEnum value) => TCodec.Write(writer, Unsafe.BitCast<TEnum, TNumber>(value));

    /// <inheritdoc/>
    public static TEnum Read(ref Utf8JsonReader reader) => Unsafe.BitCast<TNumber, TEnum>(TCodec.Read(ref reader));
}
