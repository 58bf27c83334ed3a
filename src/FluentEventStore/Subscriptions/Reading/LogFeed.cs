using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

internal sealed class LogFeed(LogReader reader)
{
    public async Task<FeedPage> FetchAsync(LogQuery query, long after, long settled, CancellationToken cancellationToken)
    {
        var page = await reader.FetchWholePageAsync(query, after, settled, cancellationToken).ConfigureAwait(false);
        return new FeedPage(after, page.ReadTo, page.Events);
    }
}
