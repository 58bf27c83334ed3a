using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>Writes the row that standbys read up to: at most once a second, and without making those who asked wait.</summary>
internal sealed class SettledPublication(SettledQueries queries, TimeProvider waitClock) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
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
                || !_running.IsCompleted
                || _stopping.IsCancellationRequested
                || (_publishedAt is { } last && waitClock.GetElapsedTime(last) < Interval))
            {
                return;
            }

            _publishedAt = waitClock.GetTimestamp();
            var stopping = _stopping.Token;
            _running = OwnFlow.Run(() => PublishAsync(settled.Position, stopping));
        }
    }

    /// <summary>Waits for what is under way to end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;

        await _stopping.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate)
            running = _running;

        await running.ConfigureAwait(false);
        _stopping.Dispose();
    }

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
