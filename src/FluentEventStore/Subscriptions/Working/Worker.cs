namespace FluentEventStore.Subscriptions;

/// <summary>
/// Decides what happens next with one range of a subscription. It does nothing itself: it is told what became of each step, and the time
/// since it began. Its position is that of the checkpoint, or beyond it by events that did not concern the range.
/// </summary>
/// <param name="policy">What happens when an event cannot be handled.</param>
/// <param name="maxParkedKeys">How many keys may be parked.</param>
/// <param name="chance">Gives numbers from 0 to 1, for pauses.</param>
internal sealed partial class Worker(RetryPolicy policy, int maxParkedKeys, Func<double> chance)
{
    /// <summary>How often a range with something to handle may be taken from nodes that died, without a commit between.</summary>
    internal const int MaxTakeovers = 5;

    /// <summary>
    /// How often one may be taken of which nothing was read yet. Reading may end a process as well; but one that ends at once, by an event
    /// of another subscription, takes all its ranges with it, and that one stops first.
    /// </summary>
    private const int MaxTakeoversUnread = 2 * MaxTakeovers;

    /// <summary>
    /// For how long what was read is handled. After it the rest is read anew: it may be masked or removed by now, and keys that are to be
    /// replayed wait for the end of the page.
    /// </summary>
    internal static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    private readonly Dictionary<EventKey, long> _parked = [];
    private List<WorkItem> _items = [];
    private int _cursor;
    private long _readTo;
    private bool _hasPage;
    private bool _isBegun;
    private TimeSpan _freshTo;
    private long? _stopAt;
    private int _takeovers;
    private bool _hasLooked;

    private int _outages;
    private TimeSpan? _retryAt;
    private TimeSpan? _outageTo;
    private TimeSpan _flushAt;

    private WorkStep.Commit? _commit;
    private WorkStep? _last;
    private bool _mustRaise;

    /// <summary>What it writes with.</summary>
    public Tenure Tenure { get; private set; }

    public long Epoch => Tenure.Epoch;

    /// <summary>Up to where the range was read, and everything that concerns it was handled or waits.</summary>
    public long Position { get; private set; }

    /// <summary>Where the checkpoint stands.</summary>
    public long Stored { get; private set; }

    public IReadOnlyDictionary<EventKey, long> Parked => _parked;

    /// <summary>Whether what is handled are events of parked keys.</summary>
    public bool IsReplaying => _replay is not null;

    /// <summary>
    /// Whether the range was taken from nodes that died, and it is not known yet whether there was anything for them to die of. As long as
    /// that is so, the checkpoint must not be written, which would clear it of suspicion.
    /// </summary>
    public bool IsSuspect => _takeovers > 0 && !_hasLooked;

    /// <summary>Whether it is unknown what the row holds.</summary>
    public bool IsInDoubt => _mustRaise;

    /// <summary>Begins where the row stands: after a claim, or after a new epoch was drawn.</summary>
    public void Begin(Claim claim, TimeSpan now)
    {
        if (claim.Position > Position)
            Acquit();

        (Tenure, Stored, Position, _stopAt, _takeovers) = (claim.Tenure, claim.Position, claim.Position, claim.StopAt, claim.Takeovers);
        _parked.Clear();
        foreach (var (key, position) in claim.Parked)
            _parked[key] = position;

        (_hasPage, _commit, _mustRaise, _outages, _replay, _hasLooked) = (false, null, false, 0, null, false);
        _wishes.Clear();
        _isWished = false;
        if (_failing is { } failing && failing.Item.Position <= Position)
            _failing = null;

        _flushAt = CheckpointFlush.After(now);
        if (FindDeadly(_takeovers, Position, hasEvents: false) is { } deadly)
            Stop(item: null, deadly);
    }

    /// <summary>How a range is told of whose carriers died.</summary>
    /// <param name="takeovers">How often it was taken from them.</param>
    /// <param name="position">After which position they were.</param>
    /// <param name="hasEvents">Whether there is something that they may have died of.</param>
    /// <returns><see langword="null"/> if they are too few to say so.</returns>
    public static WorkFailure? FindDeadly(int takeovers, long position, bool hasEvents) =>
        takeovers <= (hasEvents ? MaxTakeovers : MaxTakeoversUnread)
            ? null
            : new WorkFailure(
                FailureKind.KillsProcesses,
                Exception: null,
                $"{takeovers} processes in a row ended without a word while they carried the range from position {position} on.");

    public WorkStep Next(TimeSpan now)
    {
        if (_last is WorkStep.End)
            return _last;

        if (_outageTo > now)
            return new WorkStep.Wait(_outageTo.Value);

        if (_mustRaise && _commit is null)
            return new WorkStep.Raise();

        var step = _commit ?? _last ?? (_retryAt > now ? new WorkStep.Wait(_retryAt.Value) : NextOfPage(now));
        if (step is not WorkStep.Handle || FindDeadly(_takeovers, Position, hasEvents: true) is not { } deadly)
            return step;

        Stop(item: null, deadly);
        return _last!;
    }

    /// <summary>There is nothing after the position.</summary>
    public void FoundNothing() => _hasLooked = true;

    /// <summary>Takes what was read after the position.</summary>
    public void Take(WorkPage page, TimeSpan now)
    {
        _outages = 0;
        if (page.After > Position || page.ReadTo <= Position)
            return;

        _readTo = _stopAt is { } stop ? Math.Min(page.ReadTo, stop) : page.ReadTo;
        _items = [.. page.Items.Where(item => item.Position > Position && item.Position <= _readTo && !Waits(item))];
        (_cursor, _hasPage, _isBegun, _freshTo, _hasLooked) = (0, true, false, now + FreshFor, true);
    }

    /// <summary>The first of the events of the step were handled.</summary>
    /// <param name="count">How many: 1 or more.</param>
    public void Handled(int count) => Finish(count);

    /// <summary>The checkpoint was moved.</summary>
    public void Committed(TimeSpan now)
    {
        var commit = _commit!;
        _commit = null;
        (Stored, Position) = (commit.To, commit.To);
        (_takeovers, _outages, _flushAt) = (0, 0, CheckpointFlush.After(now));
        if (_replay is null && _failing is { } failing && failing.Item.Position <= commit.To)
            _failing = null;

        if (_suspect is var (item, failure))
            Convict(item, failure, now);
        else
            Acquit();

        _cursor += commit.Count;
        _isBegun = true;
        if (_replay is { } replay)
            Follow(replay, commit);

        if (commit.GivenUp is { How: FailedEvent.Park } given)
        {
            _parked[given.Item.Key] = given.Item.Position;
            _items.RemoveRange(0, _cursor);
            _items.RemoveAll(Waits);
            _cursor = 0;
        }
    }

    /// <summary>The checkpoint could not be moved, and it is known that it was not.</summary>
    public void NotCommitted(TimeSpan now) => Outage(now);

    /// <summary>A flush did not move the checkpoint, since somebody had locked the row: a later one does.</summary>
    public void PutOff(TimeSpan now) => (_commit, _flushAt) = (null, CheckpointFlush.After(now));

    /// <summary>A call of the handler was given up and may still go on: what it does outside can be told by its token.</summary>
    public void Abandoned() => _mustRaise = true;

    /// <summary>The database does not answer.</summary>
    public void Outage(TimeSpan now) => _outageTo = now + RetryPolicy.PauseOfOutage(++_outages, chance());

    /// <summary>The range does not go on.</summary>
    public void Stop(WorkItem? item, WorkFailure failure) => _last = new WorkStep.Fault(item, failure, _failing?.Calls ?? 0);

    /// <summary>The worker ends.</summary>
    public void End(RunEnd reason) => (_last, _commit) = (new WorkStep.End(reason), null);

    private WorkStep NextOfPage(TimeSpan now)
    {
        if (_suspect is not null && _replay is null)
            return _commit = new WorkStep.Commit(Stored, Position, Last: null, Count: 0);

        // Something of each page is handled, however long its reading takes.
        if (_hasPage && _isBegun && now >= _freshTo && _replay is null && _cursor < _items.Count)
            (_items, _cursor, _hasPage) = ([], 0, false);

        if (_hasPage && _cursor < _items.Count)
            return NextOfItems();

        if (_replay is not null)
            return NextOfReplay(_replay, now);

        if (_hasPage)
        {
            // What is left of the page does not concern the range, or waits behind a parked event.
            Position = Math.Max(Position, _readTo);
            _hasPage = false;
        }

        if (BeginReplay() is { } begun)
            return begun;

        var isAtMark = _stopAt is { } stop && Position >= stop;
        var isUnwritten = Stored < Position || (_takeovers > 0 && _hasLooked);
        if (isUnwritten && (isAtMark || now >= _flushAt))
            return _commit = new WorkStep.Commit(Stored, Position, Last: null, Count: 0) { IsFlush = !isAtMark };

        return isAtMark ? new WorkStep.Rest() : new WorkStep.Fetch(Position, isUnwritten ? _flushAt : null);
    }

    private WorkStep NextOfItems()
    {
        var first = _items[_cursor];
        if (_replay is { } replay)
            return NextOfReplayed(replay, first);

        if (_failing is not { } failing)
            return new WorkStep.Handle(first.Position <= _aloneTo ? [first] : _items[_cursor..], Attempt: 1);

        if (failing.Item.Position != first.Position)
        {
            // Those before the event that failed, once more.
            return new WorkStep.Handle(first.Position <= _aloneTo ? [first] : Before(failing.Item.Position), Attempt: 1);
        }

        return failing.Calls <= policy.Retries
            ? new WorkStep.Handle([first], failing.Calls + 1)
            : GiveUp(first, failing.Calls, failing.Failure);
    }

    private void Finish(int count)
    {
        var next = _cursor + count;
        var to = next < _items.Count ? _items[next].Position - 1 : _readTo;
        if (_replay is { } replay)
        {
            _commit = Done(count, replay.MovesOf(_items.GetRange(_cursor, count), _items[next - 1].Position));
            return;
        }

        _commit = new WorkStep.Commit(Stored, to, _items[next - 1], count);
    }

    private bool Waits(WorkItem item) => _parked.Count > 0 && _parked.TryGetValue(item.Key, out var from) && item.Position >= from;
}
