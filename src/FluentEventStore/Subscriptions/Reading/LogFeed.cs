using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

internal sealed class LogFeed(LogReader reader)
{
    public async Task<FeedPage> FetchAsync(LogQuery query, long after, long settled, CancellationToken cancellationToken)
    {
        var page = await reader.FetchPageAsync(query, new LogSpan(after, settled, int.MaxValue, IsBackwards: false), cancellationToken)
            .ConfigureAwait(false);
        page.Failure?.Throw();
        return new FeedPage(after, page.ReadTo, page.Events);
    }
}
