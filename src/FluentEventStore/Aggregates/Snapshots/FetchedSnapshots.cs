using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Aggregates;

/// <summary>The snapshots that a session fetched and that nothing was saved over since.</summary>
internal sealed class FetchedSnapshots
{
    private Dictionary<(Type AggregateType, StreamId StreamId), FetchedSnapshot>? _snapshots;

    public bool TryGet(Type aggregateType, StreamId streamId, [NotNullWhen(true)] out FetchedSnapshot? snapshot)
    {
        snapshot = _snapshots?.GetValueOrDefault((aggregateType, streamId));
        return snapshot is not null;
    }

    public void Set(Type aggregateType, StreamId streamId, FetchedSnapshot snapshot) =>
        (_snapshots ??= [])[(aggregateType, streamId)] = snapshot;

    public void Clear() => _snapshots?.Clear();
}
