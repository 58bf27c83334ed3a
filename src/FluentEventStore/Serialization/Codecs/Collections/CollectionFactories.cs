using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>How each collection, by the name of its type, is made of the items that were read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CollectionFactories
{
    /// <summary>Makes a <see cref="Queue{T}"/>.</summary>
    public readonly struct Queue<T> : ICollectionFactory<System.Collections.Generic.Queue<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.Queue<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="Stack{T}"/>.</summary>
    public readonly struct Stack<T> : ICollectionFactory<System.Collections.Generic.Stack<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.Stack<T> Create(List<T> items) => new(Enumerable.Reverse(items));
    }

    /// <summary>Makes a <see cref="LinkedList{T}"/>.</summary>
    public readonly struct LinkedList<T> : ICollectionFactory<System.Collections.Generic.LinkedList<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.LinkedList<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="HashSet{T}"/>. An item that occurs twice is in it once, as in every set.</summary>
    public readonly struct HashSet<T> : ICollectionFactory<System.Collections.Generic.HashSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.HashSet<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="HashSet{T}"/>.</summary>
    public readonly struct ISet<T> : ICollectionFactory<System.Collections.Generic.ISet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.ISet<T> Create(List<T> items) => HashSet<T>.Create(items);
    }

    /// <summary>Makes a <see cref="HashSet{T}"/>.</summary>
    public readonly struct IReadOnlySet<T> : ICollectionFactory<System.Collections.Generic.IReadOnlySet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.IReadOnlySet<T> Create(List<T> items) => HashSet<T>.Create(items);
    }

    /// <summary>Makes a <see cref="SortedSet{T}"/>.</summary>
    public readonly struct SortedSet<T> : ICollectionFactory<System.Collections.Generic.SortedSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.SortedSet<T> Create(List<T> items) => new(items, SortOrder<T>.Comparer);
    }

    /// <summary>Makes a <see cref="ConcurrentQueue{T}"/>.</summary>
    public readonly struct ConcurrentQueue<T> : ICollectionFactory<System.Collections.Concurrent.ConcurrentQueue<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Concurrent.ConcurrentQueue<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="Collection{T}"/>.</summary>
    public readonly struct Collection<T> : ICollectionFactory<System.Collections.ObjectModel.Collection<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.ObjectModel.Collection<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="ObservableCollection{T}"/>.</summary>
    public readonly struct ObservableCollection<T> : ICollectionFactory<System.Collections.ObjectModel.ObservableCollection<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.ObjectModel.ObservableCollection<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="ReadOnlyCollection{T}"/>.</summary>
    public readonly struct ReadOnlyCollection<T> : ICollectionFactory<System.Collections.ObjectModel.ReadOnlyCollection<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.ObjectModel.ReadOnlyCollection<T> Create(List<T> items) => new(items);
    }

    /// <summary>Makes a <see cref="ImmutableList{T}"/>.</summary>
    public readonly struct ImmutableList<T> : ICollectionFactory<System.Collections.Immutable.ImmutableList<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableList<T> Create(List<T> items) => [.. items];
    }

    /// <summary>Makes a <see cref="IImmutableList{T}"/>.</summary>
    public readonly struct IImmutableList<T> : ICollectionFactory<System.Collections.Immutable.IImmutableList<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.IImmutableList<T> Create(List<T> items) => ImmutableList.CreateRange(items);
    }

    /// <summary>Makes a <see cref="ImmutableQueue{T}"/>.</summary>
    public readonly struct ImmutableQueue<T> : ICollectionFactory<System.Collections.Immutable.ImmutableQueue<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableQueue<T> Create(List<T> items) => [.. items];
    }

    /// <summary>Makes a <see cref="ImmutableStack{T}"/>.</summary>
    public readonly struct ImmutableStack<T> : ICollectionFactory<System.Collections.Immutable.ImmutableStack<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableStack<T> Create(List<T> items) =>
            ImmutableStack.CreateRange(Enumerable.Reverse(items));
    }

    /// <summary>Makes a <see cref="ImmutableHashSet{T}"/>.</summary>
    public readonly struct ImmutableHashSet<T> : ICollectionFactory<System.Collections.Immutable.ImmutableHashSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableHashSet<T> Create(List<T> items) => [.. items];
    }

    /// <summary>Makes a <see cref="IImmutableSet{T}"/>.</summary>
    public readonly struct IImmutableSet<T> : ICollectionFactory<System.Collections.Immutable.IImmutableSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.IImmutableSet<T> Create(List<T> items) => ImmutableHashSet.CreateRange(items);
    }

    /// <summary>Makes a <see cref="ImmutableSortedSet{T}"/>.</summary>
    public readonly struct ImmutableSortedSet<T> : ICollectionFactory<System.Collections.Immutable.ImmutableSortedSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableSortedSet<T> Create(List<T> items) =>
            items.ToImmutableSortedSet(SortOrder<T>.Comparer);
    }

    /// <summary>Makes a <see cref="FrozenSet{T}"/>.</summary>
    public readonly struct FrozenSet<T> : ICollectionFactory<System.Collections.Frozen.FrozenSet<T>, T>
    {
        /// <inheritdoc/>
        public static System.Collections.Frozen.FrozenSet<T> Create(List<T> items) => items.ToFrozenSet();
    }
}
