using System.Collections.Concurrent;

namespace FluentEventStore.Aggregates;

/// <summary>
/// The natural keys of the aggregates of the process, by the events that set them. A key that is added makes another index.
/// </summary>
internal sealed class NaturalKeyIndex(NaturalKey[] keys)
{
    private readonly ConcurrentDictionary<Type, NaturalKey[]> _byData = new();

    public static NaturalKeyIndex Empty { get; } = new([]);

    public bool IsEmpty => keys.Length == 0;

    /// <summary>The keys that events with data of exactly this type set.</summary>
    public NaturalKey[] SetBy(Type dataType) => _byData.GetOrAdd(
        dataType, static (type, all) => Array.FindAll(all, key => key.IsSetBy(type)), keys);

    /// <summary>The key of an aggregate; <see langword="null"/> if it has none.</summary>
    public NaturalKey? Find(string aggregate) => Array.Find(keys, key => key.Aggregate == aggregate);

    public NaturalKeyIndex With(NaturalKey added) => Find(added.Aggregate) is null ? new([.. keys, added]) : this;
}
