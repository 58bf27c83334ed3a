using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>Reads what concerns one range: pages of the log or of one stream, and what waits of parked keys.</summary>
internal sealed class RangeReading(Declaration declaration, RangeScope scope, Workplace place, bool readsAhead = true)
{
    /// <summary>From how many events of a page on the next one is read while they are handled.</summary>
    private const int FewEvents = 100;

    private readonly LogQuery _query = scope.Tenant is { } tenant ? declaration.QueryOf(tenant) : declaration.Query;
    private (long After, TimeSpan At, Task<FeedPage> Page)? _ahead;

    /// <summary>Whether the events of a key are found by an index. Others are found by reading the log, once for all keys.</summary>
    public bool FindsKeys => declaration.Stream is null && declaration.Partition == Partition.ByStream && declaration.Query.CanJudge;

    /// <summary>Reads a page after a position, and begins to read the next one.</summary>
    public async Task<WorkPage> FetchAsync(long after, long settled, CancellationToken cancellationToken)
    {
        var ahead = _ahead is { } begun && begun.After == after && place.Flush.Now < begun.At + Worker.FreshFor ? begun.Page : null;
        _ahead = null;
        var page = await (ahead ?? FetchPageAsync(after, settled, cancellationToken)).ConfigureAwait(false);
        if (readsAhead && page.Events.Count >= FewEvents && page.ReadTo < settled)
            _ahead = (page.ReadTo, place.Flush.Now, ReadAhead(page.ReadTo, settled, cancellationToken));

        return PageSorting.Sort(page, declaration, scope);
    }

    /// <summary>Reads a page of what waits of parked keys.</summary>
    public async Task<WorkPage> FetchParkedAsync(WorkStep.FetchParked parked, CancellationToken cancellationToken)
    {
        var page = FindsKeys
            ? await FetchStreamAsync(parked.Keys.Single(), parked, cancellationToken).ConfigureAwait(false)
            : await FetchPageAsync(parked.After, parked.UpTo, cancellationToken).ConfigureAwait(false);
        return PageSorting.SortParked(page, declaration, scope, parked.Keys);
    }

    private Task<FeedPage> FetchPageAsync(long after, long upTo, CancellationToken cancellationToken) => declaration.Stream is { } stream
        ? place.Streams.FetchAsync(stream.TenantId, stream.StreamId, after, upTo, cancellationToken)
        : place.Feed.FetchAsync(_query, after, upTo, cancellationToken);

    // While the handler works, the database does. Whether anybody needs the page is not known yet.
    private Task<FeedPage> ReadAhead(long after, long settled, CancellationToken cancellationToken)
    {
        var page = FetchPageAsync(after, settled, cancellationToken);
        _ = page.ContinueWith(
            static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return page;
    }

    private async Task<FeedPage> FetchStreamAsync(EventKey key, WorkStep.FetchParked parked, CancellationToken cancellationToken)
    {
        var filter = new EventFilter().OfStream(key.Key).OfTenants(TenantId.Stored(key.Tenant));
        var query = new LogQuery(filter, reader: null, StreamStates.Deleted);
        var page = await place.Feed.FetchAsync(query, parked.After, parked.UpTo, cancellationToken).ConfigureAwait(false);
        return page with { Events = [.. page.Events.Where(declaration.Query.Passes)] };
    }
}
