using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Keeps the row that standbys read up to: at most once a second, and behind the back of those who asked.</summary>
internal sealed class SettledPublication(SettledQueries queries, TimeProvider waitClock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private long _published;
    private long? _publishedAt;
    private bool _isRefused;

    /// <summary>The write that is under way, or the last one.</summary>
    public Task Running
    {
        get
        {
            lock (_gate)
                return _running;
        }
    }

    /// <summary>Publishes what was settled on a primary, unless it is too soon or the role may not.</summary>
    public void Offer(Settled settled, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (settled.IsStandby || _isRefused || settled.Mark <= _published || !_running.IsCompleted
                || (_publishedAt is { } last && waitClock.GetElapsedTime(last) < Interval))
            {
                return;
            }

            _publishedAt = waitClock.GetTimestamp();
            _running = OwnFlow.Run(() => PublishAsync(settled.Mark, cancellationToken));
        }
    }

    private async Task PublishAsync(long mark, CancellationToken cancellationToken)
    {
        try
        {
            var isPublished = await queries.PublishAsync(mark, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _isRefused = !isPublished;
                _published = mark;
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The next offer tries again; whoever asked has got an answer all the same.
        }
    }
}
