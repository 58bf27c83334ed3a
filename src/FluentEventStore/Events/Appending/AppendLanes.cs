using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Writes units that only append. While nobody else writes, a unit is sent at once, by itself. Beside busy lanes, another lane starts once
/// as many units wait as each busy one is sending; to go on, it needs one more, or many. It takes all that wait, up to a bound, in one
/// transaction. So units never linger, more writers share larger commits, and small commits do not crowd out large ones.
/// </summary>
internal sealed class AppendLanes(LaneWriter writer, GroupCommitOptions options, TimeProvider clock)
{
    /// <summary>
    /// How long a lane counts as busy with one statement: a longer one, stuck at a locked stream, keeps nobody waiting. Statements of many
    /// units wait no longer for a lock, since not all of the units need the locked stream.
    /// </summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(100);

    private readonly LaneSender _sender = new(writer, options, LongestHold);
    private readonly Backlog _backlog = new(clock);
    private readonly Lock _lock = new();
    private readonly BusyLanes _busy = new(options.Lanes, clock);
    private bool _isWatched;

    // Made once, because units are sent often.
    private Func<Lane, IReadOnlyList<WaitingUnit>, CancellationToken, Task<IReadOnlyList<WaitingUnit>>> StepAside =>
        field ??= StepAsideAsync;

    /// <summary>What the lanes have to do now.</summary>
    public LaneLoad Load
    {
        get
        {
            lock (_lock)
                return new LaneLoad(_busy.Count, _backlog.Count, _backlog.Blocked.WaitingUnits);
        }
    }

    /// <summary>Whether a unit goes through the lanes: those small enough to be combined.</summary>
    public bool Takes(EventUnit unit) => options.IsEnabled && unit.Events.Length <= options.MaxEventsOfUnit;

    /// <summary>Sends a unit and waits until it is committed or refused.</summary>
    /// <param name="unit">The unit. Its payloads may be read as long as its outcome is not known.</param>
    /// <param name="cancellationToken">Gives up a unit that waits or is sent by itself: nothing is written then.</param>
    /// <exception cref="PostgresException">The database refused the statement, and not for a reason of the store's own.</exception>
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

        // The lane is this very flow until the unit is done. Another one serves whoever waits meanwhile.
        try
        {
            await SendAsync(lane, lane.Units, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(lane);
        }

        // It may still wait, if it had to step aside.
        return waiting.Outcome.IsCompleted
            ? await waiting.Outcome.ConfigureAwait(false)
            : await waiting.WaitAsync(clock, cancellationToken).ConfigureAwait(false);
    }

    private Lane? TryEnter(WaitingUnit unit)
    {
        lock (_lock)
        {
            if (!TryPark(unit))
            {
                if (_backlog.Count == 0 && _busy.LeaveRoomFor(units: 1) && unit.TryTake())
                {
                    var lane = _busy.Begin(units: 1, isCautious: _backlog.KnowsOfLocks);
                    (lane.Units, lane.IsOfSession) = ([unit], true);
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

            lane.IsOfSession = false;
        }

        Serve(lane);
    }

    /// <summary>Serves whoever waits, until nobody does or the lane was given up.</summary>
    private async Task ServeAsync(Lane lane, CancellationToken cancellationToken)
    {
        while (TakeWaiting(lane) is { Count: > 0 } units)
        {
            await SendAsync(lane, units, units is [var alone] ? alone.CancellationToken : cancellationToken).ConfigureAwait(false);

            // Those who were served go on first: if they write more, it is in the next statement, and not in one after it.
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
    /// Runs as long as somebody waits. Lets another lane begin beside a slow one, or take the place of one that is stuck; ends waiting for
    /// locked streams that takes too long.
    /// </summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var looking = Task.CompletedTask;
        while (true)
        {
            await Task.Delay(BusyLanes.UsualHold, clock, cancellationToken).ConfigureAwait(false);
            List<WaitingUnit> overdue;
            lock (_lock)
            {
                if (_backlog.IsEmpty)
                {
                    _isWatched = false;
                    return;
                }

                foreach (var stuck in _busy.GiveUp(LongestHold))
                    _backlog.Block(stuck.Streams, stuck);

                ServeIfWorthALane();
                overdue = _backlog.Blocked.TakeOverdue(unit => unit.LeftOf(writer.Patience, clock) == TimeSpan.Zero);
                if (looking.IsCompleted && _backlog.Blocked.Unattended is { Length: > 0 } unattended)
                    looking = OwnFlow.Run(() => LookAsync(unattended, cancellationToken));
            }

            foreach (var unit in overdue)
                unit.Fail(new StreamLockedException(unit.BlockedBy!.Value, unit.BlockedFor(clock)));
        }
    }

    private void Serve(Lane lane) => _ = OwnFlow.Run(() => ServeAsync(lane, CancellationToken.None));

    private void ServeIfWorthALane()
    {
        if (_busy.LeaveRoomFor(_backlog.Count))
            Serve(_busy.Begin(_backlog.Count, isCautious: _backlog.KnowsOfLocks));
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
            foreach (var slow in _busy.Slow)
                _backlog.Block(slow);

            if (!_busy.LetGoOnWith(_backlog.Count))
                return [];

            var taken = _backlog.Take(options.MaxUnits);
            if (taken.Count == 0)
                return [];

            lane.Units = taken;
            _busy.GoOn(lane, isCautious: _backlog.KnowsOfLocks);
            return taken;
        }
    }

    /// <summary>
    /// Lets a unit wait behind another one of its stream that waits for a lock or is slow: it would wait in the database too.
    /// </summary>
    private bool TryPark(WaitingUnit unit)
    {
        foreach (var slow in _busy.Slow)
            _backlog.Block(slow, unit);

        return _backlog.TryPark(unit);
    }

    /// <summary>Of units that met a lock, takes out those whose streams are locked, and returns the others.</summary>
    private async Task<IReadOnlyList<WaitingUnit>> StepAsideAsync(
        Lane lane, IReadOnlyList<WaitingUnit> units, CancellationToken cancellationToken)
    {
        var locked = await writer.FindLockedAsync(units.SelectMany(static unit => unit.Streams), cancellationToken).ConfigureAwait(false);
        if (locked.Count == 0)
            return units;

        var mostWaiting = await writer.FindMostWaitingAsync(cancellationToken).ConfigureAwait(false);
        List<Lane> attendants = [];
        List<WaitingUnit> others;
        lock (_lock)
        {
            // Whoever waits behind this lane waits behind those that step aside from now on.
            _backlog.Release(lane);
            others = _backlog.StepAside(
                units,
                locked,
                unit => _backlog.Blocked.WaitingLanes < mostWaiting && unit.LeftOf(writer.Patience, clock) != TimeSpan.Zero,
                attendants);

            // They may be a half of what the lane sends: the other half stays its own.
            lane.Units = [.. lane.Units.Except(units.Except(others))];
            ServeIfWorthALane();
            Watch();
        }

        var aside = units.Count - others.Count;
        if (aside > 0)
        {
            var (tenantId, streamId) = locked.First();
            LaneLog.SteppedAside(writer.Telemetry, aside, tenantId, streamId);
        }

        foreach (var attendant in attendants)
            _ = OwnFlow.Run(() => AttendAsync(attendant, attendant.Units[0], attendant.Units[0].CancellationToken));

        return others;
    }

    /// <summary>Waits for locked streams in the database.</summary>
    private async Task AttendAsync(Lane lane, WaitingUnit unit, CancellationToken cancellationToken)
    {
        await _sender.SendPatientlyAsync(unit, unit.LeftOf(writer.Patience, clock), Locked, cancellationToken).ConfigureAwait(false);
        Leave(lane);

        StreamLockedException Locked() => new(unit.BlockedBy!.Value, unit.BlockedFor(clock));
    }

    /// <summary>Looks at streams that no connection waits for, and lets units go on whose streams are free by now.</summary>
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
            // It looks again soon; those who have waited for too long are told so anyway.
        }
    }
}
