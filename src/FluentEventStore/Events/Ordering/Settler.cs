using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// Knows how far the log is decided. One serves a store: those who ask at the same time share a query, and those who wait share one that is repeated.
/// </summary>
internal sealed class Settler : IAsyncDisposable
{
    private readonly SettledQueries _queries;
    private readonly OrderingChecks _ordering;
    private readonly SettledPublication _publication;
    private readonly LogWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();

    private TaskCompletionSource<Settled>? _following;
    private Task _asking = Task.CompletedTask;
    private bool _isAsking;

    // Used by the one query that runs.
    private long _mark;
    private bool? _verifiedAsStandby;

    public Settler(SettledQueries queries, OrderingChecks ordering, TimeProvider waitClock)
    {
        _queries = queries;
        _ordering = ordering;
        _publication = new SettledPublication(queries, waitClock);
        _watch = new LogWatch(this, queries, waitClock, _stopping.Token);
    }

    /// <summary>Whether somebody waits and the next look is due later.</summary>
    internal bool IsPausing => _watch.IsPausing;

    /// <summary>How far the log is decided, seen no earlier than this call: what was committed before it, is in it unless it is held back.</summary>
    /// <exception cref="OrderingNotGuaranteedException">The database does not keep what the order rests on.</exception>
    public Task<Settled> AskAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(IEventLog));
        TaskCompletionSource<Settled> asked;
        lock (_gate)
        {
            // The query that runs may have looked before the caller's last commit: it shares the next one.
            if (_isAsking)
                return (_following ??= NewAnswer()).Task.WaitAsync(cancellationToken);

            _isAsking = true;
            asked = NewAnswer();
            var stopping = _stopping.Token;
            _asking = OwnFlow.Run(() => AnswerAsync(asked, stopping));
        }

        return asked.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the log is decided beyond a position.</summary>
    /// <returns>The position up to which it is decided then.</returns>
    public Task<long> WaitBeyondAsync(long position, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(IEventLog));
        return _watch.WaitBeyondAsync(position, cancellationToken);
    }

    /// <summary>Says that this process has committed events: those who wait look at once.</summary>
    public void Signal() => _watch.Signal();

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watch.EndAsync(CancellationToken.None).ConfigureAwait(false);
        Task asking;
        lock (_gate)
            asking = _asking;

        await asking.ConfigureAwait(false);
        await _publication.Running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static TaskCompletionSource<Settled> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AnswerAsync(TaskCompletionSource<Settled> asked, CancellationToken cancellationToken)
    {
        for (var answer = asked; answer is not null; answer = Next())
        {
            try
            {
                answer.SetResult(await SettleAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception failure)
            {
                answer.SetException(cancellationToken.IsCancellationRequested ? new ObjectDisposedException(nameof(IEventLog)) : failure);
            }
        }
    }

    private TaskCompletionSource<Settled>? Next()
    {
        lock (_gate)
        {
            var next = _following;
            _following = null;
            _isAsking = next is not null;
            return next;
        }
    }

    private async Task<Settled> SettleAsync(CancellationToken cancellationToken)
    {
        if (_verifiedAsStandby is null)
            await _ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);

        var settled = await _queries.SettleAsync(_mark, cancellationToken).ConfigureAwait(false);
        if (_ordering.AreOutdated || (_verifiedAsStandby is { } before && before != settled.IsStandby))
        {
            // The database moved, or a standby was promoted: a primary must keep more.
            await _ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        _verifiedAsStandby = settled.IsStandby;
        if (settled.IsStandby)
            return settled;

        if (settled.Last < _mark)
            settled = await AfterLossAsync(settled, cancellationToken).ConfigureAwait(false);

        _mark = Math.Max(_mark, settled.Mark);
        settled = settled with { Mark = _mark };
        _publication.Offer(settled, cancellationToken);
        return settled;
    }

    /// <summary>The last position lies below one that readers were given: a sequence was set back, or committed events are lost.</summary>
    private async Task<Settled> AfterLossAsync(Settled settled, CancellationToken cancellationToken)
    {
        await _ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);
        settled = await _queries.SettleAsync(_mark, cancellationToken).ConfigureAwait(false);
        if (settled.Last < _mark)
            throw OrderingChecks.Forked(_mark, settled.Last);

        return settled;
    }
}
