using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Writes units that only append. While nobody else writes a unit is sent at once, by itself; beside lanes that are busy a further one
/// begins, or one that gets free goes on, once as many units wait as each of those is sending. It takes all that wait, up to a bound, in
/// one transaction. So nothing lingers, the more writers there are the more share a commit, and no crowd of small commits takes the
/// server's time from the large ones.
/// </summary>
internal sealed class AppendLanes(LaneWriter writer, GroupCommitOptions options, TimeProvider clock)
{
    /// <summary>
    /// How long a lane counts as busy with one statement: one that takes longer, for a stream that somebody else has locked, does not keep
    /// others waiting. Statements of many units give up waiting for a lock after as long: units that need other streams would wait for
    /// nothing.
    /// </summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a statement takes at most as a rule: nobody waits for company behind one that takes longer.</summary>
    private static readonly TimeSpan UsualHold = TimeSpan.FromMilliseconds(10);

    private readonly LaneSender _sender = new(writer, options, LongestHold);
    private readonly Backlog _backlog = new(clock);
    private readonly Lock _lock = new();
    private readonly List<Lane> _busy = [];
    private bool _isWatched;

    // Made once: units are sent too often.
    private Func<Lane, IReadOnlyList<WaitingUnit>, CancellationToken, Task<IReadOnlyList<WaitingUnit>>> StepAside =>
        field ??= StepAsideAsync;

    /// <summary>Whether a unit goes through the lanes: it is small enough to be combined.</summary>
    public bool Takes(EventUnit unit) => options.IsEnabled && unit.Events.Length <= options.MaxEventsOfUnit;

    /// <summary>Sends a unit and waits until it is committed or refused.</summary>
    /// <param name="unit">The unit. Its payloads may be read as long as its outcome is not known.</param>
    /// <param name="cancellationToken">Gives up a unit that waits, or that is sent by itself: nothing is written then.</param>
    /// <exception cref="PostgresException">The database refused the statement for a reason that is none of the store's own.</exception>
    /// <exception cref="StreamLockedException">Somebody has locked a stream for as long as a statement may run.</exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// The connection broke after the statement was sent, or the unit was cancelled while it was.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AppendOutcome> AppendAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var waiting = new WaitingUnit(unit, cancellationToken);
        if (TryEnter(waiting) is not { } lane)
            return await waiting.WaitAsync(clock, cancellationToken).ConfigureAwait(false);

        // The lane is this very flow, as long as the unit takes; who waits meanwhile is served by another one.
        try
        {
            await SendAsync(lane, lane.Units, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(lane);
        }

        return await waiting.Outcome.ConfigureAwait(false);
    }

    private Lane? TryEnter(WaitingUnit unit)
    {
        lock (_lock)
        {
            if (!TryPark(unit))
            {
                if (_backlog.Count == 0 && IsWorthALane(units: 1) && unit.TryTake())
                {
                    var lane = Begin(units: 1);
                    lane.Units = [unit];
                    return lane;
                }

                _backlog.Add(unit);
                ServeIfWorthALane();
            }

            Watch();
            return null;
        }
    }

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            _backlog.Release(lane);
            if (lane.IsGivenUp)
                ServeIfWorthALane();

            if (lane.IsGivenUp || _backlog.Count == 0)
            {
                _busy.Remove(lane);
                return;
            }
        }

        Serve(lane);
    }

    /// <summary>Serves whoever waits, until nobody does or the lane was given up.</summary>
    private async Task ServeAsync(Lane lane, CancellationToken cancellationToken)
    {
        while (TakeWaiting(lane) is { Count: > 0 } units)
        {
            await SendAsync(lane, units, units is [var alone] ? alone.CancellationToken : cancellationToken).ConfigureAwait(false);

            // Those who were served go on first: who has more to write is in the next statement then, and not in one after it.
            await OwnFlow.LetOthersGoOn();
        }
    }

    private ValueTask SendAsync(Lane lane, IReadOnlyList<WaitingUnit> units, CancellationToken cancellationToken) =>
        _sender.SendAsync(lane, units, StepAside, cancellationToken);

    private void Watch()
    {
        if (_isWatched || _backlog.IsEmpty)
            return;

        _isWatched = true;
        _ = OwnFlow.Run(() => WatchAsync(CancellationToken.None));
    }

    /// <summary>
    /// As long as somebody waits, looks whether a lane is held so long that another one may begin beside it, or has to take its place; and
    /// whether somebody has waited for a locked stream for too long.
    /// </summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var looking = Task.CompletedTask;
        while (true)
        {
            await Task.Delay(UsualHold, clock, cancellationToken).ConfigureAwait(false);
            List<WaitingUnit> overdue;
            lock (_lock)
            {
                if (_backlog.IsEmpty)
                {
                    _isWatched = false;
                    return;
                }

                foreach (var stuck in _busy.FindAll(lane => clock.GetElapsedTime(lane.Since) >= LongestHold))
                {
                    stuck.IsGivenUp = true;
                    _busy.Remove(stuck);
                    _backlog.Block(stuck.Streams, stuck);
                }

                ServeIfWorthALane();
                overdue = _backlog.Blocked.TakeOverdue(unit => unit.LeftOf(writer.Patience, clock) == TimeSpan.Zero);
                if (looking.IsCompleted && _backlog.Blocked.Unattended is { Length: > 0 } unattended)
                    looking = OwnFlow.Run(() => LookAsync(unattended, cancellationToken));
            }

            foreach (var unit in overdue)
                unit.Fail(new StreamLockedException(unit.BlockedBy!.Value, unit.BlockedFor(clock)));
        }
    }

    /// <summary>Whether a lane is free, and so many units are company enough beside those that are busy.</summary>
    private bool IsWorthALane(int units)
    {
        if (units == 0 || _busy.Count >= options.Lanes)
            return false;

        // Asked for each unit, under the lock: without a closure.
        foreach (var lane in _busy)
        {
            if (units < lane.Count && !IsSlow(lane))
                return false;
        }

        return true;
    }

    private Lane Begin(int units)
    {
        _busy.Add(new Lane { Since = clock.GetTimestamp(), Count = units });
        return _busy[^1];
    }

    private void Serve(Lane lane) => _ = OwnFlow.Run(() => ServeAsync(lane, CancellationToken.None));

    private void ServeIfWorthALane()
    {
        if (IsWorthALane(_backlog.Count))
            Serve(Begin(_backlog.Count));
    }

    private List<WaitingUnit> TakeWaiting(Lane lane)
    {
        lock (_lock)
        {
            _backlog.Release(lane);
            lane.Units = [];
            if (lane.IsGivenUp)
            {
                ServeIfWorthALane();
                return [];
            }

            _busy.Remove(lane);
            foreach (var slow in _busy.Where(IsSlow))
                _backlog.Block(slow);

            if (!IsWorthALane(_backlog.Count))
                return [];

            var taken = _backlog.Take(options.MaxUnits);
            if (taken.Count == 0)
                return [];

            _busy.Add(lane);
            (lane.Count, lane.Units, lane.Since) = (taken.Count, taken, clock.GetTimestamp());
            return taken;
        }
    }

    /// <summary>
    /// Lets a unit wait behind another one of its stream, where that waits for a lock or has been on its way for longer than usual: it
    /// would wait in the database as well.
    /// </summary>
    private bool TryPark(WaitingUnit unit)
    {
        foreach (var lane in _busy)
        {
            if (IsSlow(lane))
                _backlog.Block(lane, unit);
        }

        return _backlog.TryPark(unit);
    }

    private bool IsSlow(Lane lane) => clock.GetElapsedTime(lane.Since) >= UsualHold;

    /// <summary>Takes those out of units that met a lock whose streams somebody has locked, and returns the others.</summary>
    private async Task<IReadOnlyList<WaitingUnit>> StepAsideAsync(
        Lane lane, IReadOnlyList<WaitingUnit> units, CancellationToken cancellationToken)
    {
        var locked = await writer.FindLockedAsync(units.SelectMany(static unit => unit.Streams), cancellationToken).ConfigureAwait(false);
        if (locked.Count == 0)
            return units;

        var mostWaiting = await writer.FindMostWaitingAsync(cancellationToken).ConfigureAwait(false);
        List<Lane> attendants = [];
        lock (_lock)
        {
            // Who waits behind this very lane waits behind those that step aside.
            _backlog.Release(lane);
            var others = _backlog.StepAside(
                units,
                locked,
                unit => _backlog.Blocked.WaitingLanes < mostWaiting && unit.LeftOf(writer.Patience, clock) != TimeSpan.Zero,
                attendants);
            lane.Units = others;
            ServeIfWorthALane();
            Watch();
        }

        foreach (var attendant in attendants)
            _ = OwnFlow.Run(() => AttendAsync(attendant, attendant.Units[0], attendant.Units[0].CancellationToken));

        return lane.Units;
    }

    /// <summary>Waits for locked streams in the database.</summary>
    private async Task AttendAsync(Lane lane, WaitingUnit unit, CancellationToken cancellationToken)
    {
        await _sender.SendPatientlyAsync(unit, unit.LeftOf(writer.Patience, clock), Locked, cancellationToken).ConfigureAwait(false);
        Leave(lane);

        StreamLockedException Locked() => new(unit.BlockedBy!.Value, unit.BlockedFor(clock));
    }

    /// <summary>Lets those go on whose streams are free by now, of the streams that no connection waits for: there are too many.</summary>
    private async Task LookAsync((TenantId TenantId, StreamId StreamId)[] streams, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(LongestHold, clock, cancellationToken).ConfigureAwait(false);
            var locked = await writer.FindLockedAsync(streams, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                _backlog.Release([.. streams.Where(stream => !locked.Contains(stream))]);
                ServeIfWorthALane();
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or FluentEventStoreException or ObjectDisposedException)
        {
            // Asked again soon; and who has waited for too long is told so all the same.
        }
    }
}
