using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>An <see cref="ImmutableArray{T}"/> as a JSON array; <see langword="default"/> is refused.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ImmutableArrayCodec<T, TCodec> : IJsonCodec<ImmutableArray<T>>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault)
            throw new JsonException("default(ImmutableArray) is not an array.");

        ItemsCodec<T, TCodec>.Write(writer, value.AsSpan());
    }

    /// <inheritdoc/>
    public static ImmutableArray<T> Read(ref Utf8JsonReader reader) =>
        ImmutableCollectionsMarshal.AsImmutableArray(ArrayCodec<T, TCodec>.Read(ref reader));
}
