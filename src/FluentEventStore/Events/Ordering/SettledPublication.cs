namespace FluentEventStore.Events;

/// <summary>Writes the row that standbys read up to: at most once a second, and without making those who asked wait.</summary>
internal sealed class SettledPublication(SettledQueries queries, TimeProvider waitClock) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private long _published;
    private long? _publishedAt;
    private bool _isRefused;

    /// <summary>Publishes what was settled on a primary, unless it is too soon or the role may not.</summary>
    public void Offer(Settled settled)
    {
        lock (_gate)
        {
            if (settled.IsStandby
                || _isRefused
                || settled.Position == _published
                || _work.IsRunning
                || (_publishedAt is { } last && waitClock.GetElapsedTime(last) < Interval))
            {
                return;
            }

            _publishedAt = waitClock.GetTimestamp();
            _work.TryBegin(ending => PublishAsync(settled.Position, ending));
        }
    }

    /// <summary>Waits for what is under way to end.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task PublishAsync(long position, CancellationToken cancellationToken)
    {
        try
        {
            var isPublished = await queries.PublishAsync(position, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _isRefused = !isPublished;
                _published = position;
            }
        }
        catch (Exception)
        {
            // The next offer tries again; whoever asked has an answer already.
        }
    }
}
