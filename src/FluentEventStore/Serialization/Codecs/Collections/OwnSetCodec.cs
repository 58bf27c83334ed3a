using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A set of a user-declared type, which holds each item once. Otherwise the same as
/// <see cref="OwnCollectionCodec{TCollection, T, TCodec}"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OwnSetCodec<TSet, T, TCodec> : IJsonCodec<TSet>
    where TSet : class, ISet<T>, new()
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TSet value) => OwnCollectionCodec<TSet, T, TCodec>.Write(writer, value);

    /// <inheritdoc/>
    public static TSet Read(ref Utf8JsonReader reader) => OwnCollectionCodec<TSet, T, TCodec>.Read(ref reader);
}
