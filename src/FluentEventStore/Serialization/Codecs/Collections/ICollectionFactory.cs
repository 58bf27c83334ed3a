using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>Makes a collection of items that were read.</summary>
/// <typeparam name="TCollection">The collection.</typeparam>
/// <typeparam name="T">The type of its items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ICollectionFactory<TCollection, T>
{
    /// <summary>Makes a collection that enumerates the items in their order, if it has an order.</summary>
    static abstract TCollection Create(List<T> items);
}
