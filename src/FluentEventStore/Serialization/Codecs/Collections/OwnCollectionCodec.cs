using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A collection of a user-declared type, as a JSON array of its items in the order in which it enumerates them. It is read by adding each
/// item to a new collection.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OwnCollectionCodec<TCollection, T, TCodec> : IJsonCodec<TCollection>
    where TCollection : class, ICollection<T>, new()
    where TCodec : struct, IJsonCodec<T>
{
    private static readonly bool TakesItems = !new TCollection().IsReadOnly;

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TCollection value)
    {
        if (value is null)
            throw JsonFailure.Null("collection");

        if (!TakesItems)
            throw JsonFailure.ReadOnly<TCollection>();

        if (value.GetType() != typeof(TCollection))
            throw JsonFailure.Derived(value, typeof(TCollection));

        ItemsCodec<T, TCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TCollection Read(ref Utf8JsonReader reader)
    {
        var collection = new TCollection();
        foreach (var item in ItemsCodec<T, TCodec>.Read(ref reader, "collection"))
        {
            collection.Add(item);
        }

        return collection;
    }
}
