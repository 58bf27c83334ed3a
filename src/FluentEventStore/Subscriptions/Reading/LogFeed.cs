using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Feeds all workers of a process from the log of a database. Near its end pages are read once for all, and each query is judged in memory;
/// far behind, or if only the database can judge a query, those who ask with the same query share what the database finds for it. One
/// connection is used for the first, and <see cref="FeedBounds.ReadsOfOthers"/> for the second, however many ask.
/// </summary>
/// <remarks>
/// Events are decoded once and handed to all who get them: nobody may change them. They are as they were
/// <see cref="FeedBounds.Age"/> ago at most: what was masked or removed since may still come, as it would have come a moment earlier.
/// </remarks>
internal sealed class LogFeed : IAsyncDisposable
{
    private readonly FeedBounds _bounds;
    private readonly TailQueries _queries;
    private readonly SharedPages _tail;
    private readonly SharedPages _others;

    /// <param name="reader">Reads the log.</param>
    /// <param name="waitClock">Says how old a page is; the clock of the system if it is <see langword="null"/>.</param>
    /// <param name="bounds">How much is shared.</param>
    public LogFeed(LogReader reader, TimeProvider? waitClock = null, FeedBounds? bounds = null)
    {
        waitClock ??= TimeProvider.System;
        _bounds = bounds ?? FeedBounds.Default;
        _queries = new TailQueries(_bounds.Interest, waitClock);
        _tail = new SharedPages(reader, atOnce: 1, _bounds, waitClock);
        _others = new SharedPages(reader, _bounds.ReadsOfOthers, _bounds, waitClock);
    }

    /// <summary>How much memory the pages at hand take, by estimate.</summary>
    public long Bytes => _tail.Bytes + _others.Bytes;

    /// <summary>The events of a query after a position, up to where a page ends.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="after">The position.</param>
    /// <param name="settled">How far the log is settled.</param>
    /// <param name="cancellationToken">Ends the wait, not what is read for others too.</param>
    /// <returns>
    /// A page that goes beyond the position and not beyond the settled one; an empty one if the log is not settled beyond the position.
    /// </returns>
    /// <exception cref="ObjectDisposedException">This is disposed.</exception>
    public async Task<FeedPage> FetchAsync(LogQuery query, long after, long settled, CancellationToken cancellationToken)
    {
        if (settled <= after)
            return new FeedPage(after, after, []);

        if (!query.CanJudge || settled - after > _bounds.Near)
        {
            var found = await _others.FetchAsync(query, after, settled, cancellationToken).ConfigureAwait(false);
            return Cut(found, after, settled, judge: null);
        }

        var union = _queries.UnionWith(query);
        var pages = await _tail.FetchAsync(union, after, settled, cancellationToken).ConfigureAwait(false);
        return Cut(pages, after, settled, union.Key == query.Key ? null : query);
    }

    /// <summary>Ends all reading with an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tail.DisposeAsync().ConfigureAwait(false);
        await _others.DisposeAsync().ConfigureAwait(false);
    }

    // A page may begin before the position, and go beyond what was settled for the one who asks.
    private static FeedPage Cut(IReadOnlyList<LogPage> pages, long after, long settled, LogQuery? judge)
    {
        var readTo = Math.Min(pages[^1].ReadTo, settled);
        if (pages is [{ Events: var all }] && judge is null && (all.Count == 0 || (all[0].Position > after && all[^1].Position <= readTo)))
            return new FeedPage(after, readTo, all) { Bytes = SharedPage.BytesOf(pages[0].Weight, all.Count) };

        var events = new List<IEvent>();
        var bytes = 0L;
        foreach (var page in pages)
        {
            var before = events.Count;
            foreach (var @event in page.Events)
            {
                if (@event.Position > after && @event.Position <= readTo && judge?.Passes(@event) != false)
                    events.Add(@event);
            }

            // Of a part of a page, its share.
            if (events.Count > before)
                bytes += SharedPage.BytesOf(page.Weight, page.Events.Count) * (events.Count - before) / page.Events.Count;
        }

        return new FeedPage(after, readTo, events) { Bytes = bytes };
    }
}
