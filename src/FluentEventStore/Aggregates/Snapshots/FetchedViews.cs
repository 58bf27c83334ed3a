using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Aggregates;

/// <summary>The views that a session fetched and that nothing was saved over since.</summary>
internal sealed class FetchedViews
{
    private Dictionary<(Type AggregateType, StreamId StreamId), FetchedView>? _views;

    public bool TryGet(Type aggregateType, StreamId streamId, [NotNullWhen(true)] out FetchedView? view)
    {
        view = _views?.GetValueOrDefault((aggregateType, streamId));
        return view is not null;
    }

    public void Set(Type aggregateType, StreamId streamId, FetchedView view) => (_views ??= [])[(aggregateType, streamId)] = view;

    public void Clear() => _views?.Clear();
}
