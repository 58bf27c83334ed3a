namespace FluentEventStore.Subscriptions;

/// <summary>
/// Decides what happens next with one range of a pulled subscription: what is read, what is handed out, and where the checkpoint moves. It
/// does nothing itself: it is told what became of each step, what consumers answer, and the time since it began. Of a key one event is out
/// at a time, and the checkpoint passes nothing that is not done.
/// </summary>
/// <param name="rules">How it is carried.</param>
/// <param name="chance">Gives numbers from 0 to 1, for pauses.</param>
internal sealed partial class PullWorker(PullRules rules, Func<double> chance)
{
    // What was read and is not behind the checkpoint, in the order of the log; of each key, what is not done; and of those, what may go
    // out, and what comes again at a time.
    private readonly Queue<PullEntry> _entries = [];
    private readonly Dictionary<EventKey, Queue<PullEntry>> _byKey = [];
    private readonly PriorityQueue<PullEntry, long> _ready = new();
    private readonly PriorityQueue<PullEntry, TimeSpan> _held = new();

    // The keys that wait, and from where: as it is known here, and as it is stored.
    private readonly Dictionary<EventKey, long> _parked = [];
    private readonly Dictionary<EventKey, long> _rows = [];
    private readonly List<PullGivenUp> _givenUp = [];

    private WorkItem? _unusable;
    private WorkItem? _last;
    private long _bytes;
    private long _read;

    // Up to where nothing is read again: what was replayed, or passed over as unreadable, would come twice.
    private long _readOnce;
    private long? _stopAt;
    private int _takeovers;
    private bool _hasLooked;
    private int _answers;

    // How many events were handled: by now, up to where the checkpoint may stand; and of those that are written, what is not told yet.
    private int _passed;
    private int _handled;
    private TimeSpan? _answeredAt;
    private TimeSpan _flushAt;
    private TimeSpan? _outageTo;
    private int _outages;
    private int _losses;

    private PullCommit? _commit;
    private bool _isLost;
    private bool _isStale;
    private (WorkItem? Item, WorkFailure Failure, int Calls)? _fault;
    private RunEnd? _end;

    /// <summary>What it writes with.</summary>
    public Tenure Tenure { get; private set; }

    public long Epoch => Tenure.Epoch;

    /// <summary>Where the checkpoint stands.</summary>
    public long Stored { get; private set; }

    /// <summary>How many deliveries are not answered.</summary>
    public int Out { get; private set; }

    /// <summary>Whether somebody takes deliveries. As long as nobody does, nothing is read.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Whether what was answered is to be written at once, and nothing more is read.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether something may go out.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Whether something was dropped, to be read anew.</summary>
    public bool ReadsAgain { get; private set; }

    /// <summary>Where the checkpoint may stand: before the first event that is not done.</summary>
    public long Contiguous => Math.Min(_entries.TryPeek(out var first) ? first.Position - 1 : _read, _stopAt ?? long.MaxValue);

    /// <summary>Whether nothing is out, and everything that was answered is written.</summary>
    public bool IsSettled => Out == 0 && !IsUnwritten;

    private bool IsUnwritten => HasAnswers || Contiguous > Stored;

    private bool HasAnswers =>
        _givenUp.Count > 0 || _lanes.Values.Any(static lane => lane.IsDirty) || (Contiguous > Stored && _last?.Position > Stored);

    /// <summary>Begins where the row stands. What is out counts no more.</summary>
    public void Begin(Claim claim, TimeSpan now)
    {
        Withdraw();
        _entries.Clear();
        _bytes = 0;
        _ready.Clear();
        _held.Clear();
        _givenUp.Clear();
        _byKey.Clear();
        _lanes.Clear();
        _parked.Clear();
        _rows.Clear();
        (Stored, _read, _readOnce, _last, _unusable, _commit) = (claim.Position, claim.Position, 0, null, null, null);
        (_answers, _answeredAt, _passed) = (0, null, 0);
        Set(claim, now);
        foreach (var (key, position) in claim.Parked)
            (_parked[key], _rows[key]) = (position, position);

        StopIfDeadly();
    }

    /// <summary>
    /// Goes on with a new epoch, since it was unknown what became of a commit: the row says it now. What is out stays out.
    /// </summary>
    public void Continue(Claim claim, TimeSpan now)
    {
        var lost = _commit;
        _commit = null;
        if (_isStale)
        {
            Begin(claim, now);
            return;
        }

        if (lost is not null && IsStored(lost, claim))
            Settle(lost);
        else if (lost is not null)
            _answers += rules.CheckpointAfterCount;

        var isAsKnown = claim.Position == Stored
            && claim.Parked.Count == _rows.Count
            && claim.Parked.All(one => _rows.GetValueOrDefault(one.Key) == one.Value);
        if (isAsKnown)
            Set(claim, now);
        else
            Begin(claim, now);
    }

    public WorkStep Next(TimeSpan now)
    {
        if (_end is { } end)
            return new WorkStep.End(end);

        GetDue(now);
        if (_outageTo > now)
            return new WorkStep.Wait(_outageTo.Value);

        if (_isLost)
            return new WorkStep.Raise();

        var replay = NextOfReplay(now);
        if (MustWrite(now))
            return _commit = Write();

        if (_unusable is { Unusable: { } failure } && _entries.Count == 0)
            _fault ??= (_unusable, rules.Unreadable == FailedEvent.Park ? TooMany(failure.Message) : failure, 0);

        if (_fault is { } fault)
            return new WorkStep.Fault(fault.Item, fault.Failure, fault.Calls);

        if (replay is not null)
            return replay;

        return MayRead ? new WorkStep.Fetch(_read, Until()) : Until() is { } until ? new WorkStep.Wait(until) : new WorkStep.Rest();
    }

    /// <inheritdoc cref="Worker.IsSuspect"/>
    public bool IsSuspect => _takeovers > 0 && !_hasLooked;

    /// <summary>There is nothing to read.</summary>
    public void FoundNothing() => _hasLooked = true;

    /// <summary>Takes what was read.</summary>
    public void Take(WorkPage page, TimeSpan now)
    {
        _outages = 0;
        if (page.After > _read || page.ReadTo <= _read)
            return;

        (ReadsAgain, _hasLooked) = (false, true);

        var to = Math.Min(page.ReadTo, _stopAt ?? long.MaxValue);
        foreach (var item in page.Items.Where(item => item.Position > _read && item.Position <= to))
        {
            if (_parked.TryGetValue(item.Key, out var from) && item.Position >= from)
                continue;

            if (item.Unusable is { } failure)
            {
                if (GivesUp(item, failure))
                    continue;

                // What stands before it is delivered; then the range stops at it.
                (_unusable, to) = (item, item.Position - 1);
                break;
            }

            Add(new PullEntry(item) { Bytes = page.BytesOfEvent, FreshTo = now + Worker.FreshFor });
        }

        _read = Math.Max(_read, to);
        StopIfDeadly();
    }

    // Before anything of it goes out.
    private void StopIfDeadly()
    {
        if (Worker.FindDeadly(_takeovers, Stored, hasEvents: _entries.Count > 0) is { } deadly)
            _fault ??= (null, deadly, 0);
    }

    /// <summary>Whether it is unknown what the row holds.</summary>
    public bool IsInDoubt => _isLost;

    /// <summary>How many events were handled, and are written down as that, since this was asked last.</summary>
    public int TakeHandled()
    {
        var handled = _handled;
        _handled = 0;
        return handled;
    }

    /// <summary>What the step asked for was written.</summary>
    public void Committed(TimeSpan now)
    {
        Settle(_commit!);
        _commit = null;
        (_takeovers, _outages, _losses, _flushAt) = (0, 0, 0, CheckpointFlush.After(now));
    }

    /// <summary>A flush did not move the checkpoint, since somebody had locked the row: a later one does.</summary>
    public void PutOff(TimeSpan now) => (_commit, _flushAt) = (null, CheckpointFlush.After(now));

    /// <summary>It was not written, and that is known.</summary>
    public void NotCommitted()
    {
        if (_commit is not null)
            (_commit, _answers) = (null, _answers + rules.CheckpointAfterCount);
    }

    /// <summary>What became of it is unknown.</summary>
    public void Lost(TimeSpan now)
    {
        _isLost = true;
        if (++_losses > 1)
            _outageTo = now + RetryPolicy.PauseOfOutage(_losses - 1, chance());
    }

    /// <summary>The row is not what it was taken to be.</summary>
    /// <param name="isStale">Whether those of parked keys are not either: all is read anew.</param>
    public void Mistaken(bool isStale) => (_isLost, _isStale) = (true, isStale);

    /// <summary>The database does not answer.</summary>
    public void Outage(TimeSpan now) => _outageTo = now + RetryPolicy.PauseOfOutage(++_outages, chance());

    /// <summary>The range does not go on, once what was answered is written.</summary>
    public void Stop(WorkItem? item, WorkFailure failure) => _fault ??= (item, failure, 0);

    /// <summary>It ends. What is out counts no more.</summary>
    public void End(RunEnd reason)
    {
        _end ??= reason;
        Withdraw();
    }
}
