using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>How each dictionary, by the name of its type, is made of the entries that were read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DictionaryFactories
{
    /// <summary>Makes a <see cref="System.Collections.Generic.SortedDictionary{TKey, TValue}"/>.</summary>
    public readonly struct SortedDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Generic.SortedDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.SortedDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            new(entries, SortOrder<TKey>.Comparer);
    }

    /// <summary>Makes a <see cref="System.Collections.Generic.SortedList{TKey, TValue}"/>.</summary>
    public readonly struct SortedList<TKey, TValue> : IDictionaryFactory<System.Collections.Generic.SortedList<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Generic.SortedList<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            new(entries, SortOrder<TKey>.Comparer);
    }

    /// <summary>Makes a <see cref="System.Collections.Concurrent.ConcurrentDictionary{TKey, TValue}"/>.</summary>
    public readonly struct ConcurrentDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Concurrent.ConcurrentDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Concurrent.ConcurrentDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            new(entries);
    }

    /// <summary>Makes a <see cref="System.Collections.ObjectModel.ReadOnlyDictionary{TKey, TValue}"/>.</summary>
    public readonly struct ReadOnlyDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.ObjectModel.ReadOnlyDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.ObjectModel.ReadOnlyDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            new(entries);
    }

    /// <summary>Makes a <see cref="System.Collections.Immutable.ImmutableDictionary{TKey, TValue}"/>.</summary>
    public readonly struct ImmutableDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Immutable.ImmutableDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            entries.ToImmutableDictionary();
    }

    /// <summary>Makes a <see cref="System.Collections.Immutable.IImmutableDictionary{TKey, TValue}"/>.</summary>
    public readonly struct IImmutableDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Immutable.IImmutableDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.IImmutableDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            entries.ToImmutableDictionary();
    }

    /// <summary>Makes a <see cref="System.Collections.Immutable.ImmutableSortedDictionary{TKey, TValue}"/>.</summary>
    public readonly struct ImmutableSortedDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Immutable.ImmutableSortedDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Immutable.ImmutableSortedDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            entries.ToImmutableSortedDictionary(SortOrder<TKey>.Comparer);
    }

    /// <summary>Makes a <see cref="System.Collections.Frozen.FrozenDictionary{TKey, TValue}"/>.</summary>
    public readonly struct FrozenDictionary<TKey, TValue>
        : IDictionaryFactory<System.Collections.Frozen.FrozenDictionary<TKey, TValue>, TKey, TValue>
        where TKey : notnull
    {
        /// <inheritdoc/>
        public static System.Collections.Frozen.FrozenDictionary<TKey, TValue> Create(Dictionary<TKey, TValue> entries) =>
            entries.ToFrozenDictionary();
    }
}
