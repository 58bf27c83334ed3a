using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>Reads what concerns one range of a subscription.</summary>
internal sealed class RangeFeed(Declaration declaration, RangeKey range, Workplace place)
{
    /// <summary>Whether the events of a key are found by an index. Those of other keys are found by reading the log.</summary>
    public bool IsByStream => declaration.Stream is null && declaration.Partition == Partition.ByStream && declaration.Query.CanJudge;

    /// <summary>Reads after a position, up to where a page ends.</summary>
    public async Task<WorkPage> FetchAsync(long after, long settled, CancellationToken cancellationToken) =>
        Sort(await FetchPageAsync(after, settled, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads events of parked keys, up to where a page ends.</summary>
    public async Task<WorkPage> FetchAsync(WorkStep.FetchParked parked, CancellationToken cancellationToken) =>
        Sort(IsByStream
            ? await FetchStreamAsync(parked.Keys.Single(), parked, cancellationToken).ConfigureAwait(false)
            : await FetchPageAsync(parked.After, parked.UpTo, cancellationToken).ConfigureAwait(false));

    private Task<FeedPage> FetchPageAsync(long after, long upTo, CancellationToken cancellationToken) => declaration.Stream is { } stream
        ? place.Streams.FetchAsync(stream.TenantId, stream.StreamId, after, upTo, cancellationToken)
        : place.Feed.FetchAsync(declaration.Query, after, upTo, cancellationToken);

    private async Task<FeedPage> FetchStreamAsync(EventKey key, WorkStep.FetchParked parked, CancellationToken cancellationToken)
    {
        var filter = new EventFilter().OfStream(key.Key).OfTenants(TenantId.Stored(key.Tenant));
        var query = new LogQuery(filter, reader: null, StreamStates.Deleted);
        var page = await place.Feed.FetchAsync(query, parked.After, parked.UpTo, cancellationToken).ConfigureAwait(false);
        return page with { Events = [.. page.Events.Where(declaration.Query.Passes)] };
    }

    private WorkPage Sort(FeedPage page) => PageSorting.Sort(page, declaration, range);
}
