using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Carries subscriptions in one database: looks again and again who is there and what there is to do, claims what is to be this process's,
/// gives up what is to be another's, and owns every worker.
/// </summary>
internal sealed class DatabaseDaemon : IAsyncDisposable
{
    /// <summary>How long after a look the next one follows.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The same, if there are many databases.</summary>
    private static readonly TimeSpan LongLookInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked whether something that is built can serve.</summary>
    private static readonly TimeSpan TendInterval = TimeSpan.FromSeconds(1);

    /// <summary>After how many looks that failed in a row that is told again: a minute.</summary>
    private const int LooksBetweenMessages = 240;

    private readonly Workplace _place;
    private readonly CarriedSubscriptions _subscriptions;
    private readonly IReadOnlyCollection<Declaration> _declared;
    private readonly IProjectionBuilds _projections;
    private readonly DaemonMode _mode;
    private readonly TimeSpan _lease;
    private readonly LeaseClock _leases;
    private readonly Func<Declaration, RangeKey, Claim, IRangeRun> _carry;
    private readonly LagWatch _lags;
    private readonly bool _isOneOfMany;
    private readonly Dictionary<RangeKey, IRangeRun> _runs = [];
    private readonly Rejoining _rejoining = new();
    private readonly List<Task> _endings = [];

    // What ends with the event at hand: until then, that is not handed over again, whoever is to carry the range by now.
    private readonly Dictionary<RangeKey, (long Epoch, Task Ending)> _leaving = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Ending _ending;
    private readonly Ending _disposing;
    private Task _looking = Task.CompletedTask;
    private IDisposable? _watching;
    private bool _hasLooked;
    private long _tendedAt;
    private int _failedLooks;

    public DatabaseDaemon(
        Workplace place,
        SubscriptionRows rows,
        PositionLookup positions,
        IReadOnlyCollection<Declaration> declared,
        IProjectionBuilds projections,
        Func<Declaration, RangeKey, Claim, IRangeRun> carry,
        LagWatch lags,
        DaemonMode mode,
        TimeSpan lease,
        bool isOneOfMany)
    {
        (_carry, _lags, _isOneOfMany) = (carry, lags, isOneOfMany);
        (_place, _declared, _mode, _lease) = (place, declared, mode, lease);
        _subscriptions = new CarriedSubscriptions(place, rows, positions, declared, projections);
        _projections = projections;
        _leases = new LeaseClock(lease, place.WaitClock);
        (_ending, _disposing) = (new Ending(EndAsync), new Ending(DisposeOnceAsync));
    }

    /// <summary>The subscriptions that this process may carry.</summary>
    public IReadOnlyList<Declaration> Carried => _subscriptions.Carried;

    /// <summary>The declared subscriptions that this process must not carry, and why.</summary>
    public IReadOnlyDictionary<string, Mismatch> Refused => _subscriptions.Refused;

    /// <inheritdoc cref="CarriedSubscriptions.ActiveAsync"/>
    public Task<IReadOnlyCollection<string>> ActiveAsync(CancellationToken cancellationToken) =>
        _subscriptions.ActiveAsync(cancellationToken);

    public Workplace Place => _place;

    // All nodes of a process look at the same times.
    private TimeSpan Pause
    {
        get
        {
            var interval = _isOneOfMany ? LongLookInterval : LookInterval;
            return interval - new TimeSpan(_place.Flush.Now.Ticks % interval.Ticks);
        }
    }

    /// <summary>Told what each look saw, before anything is done about it.</summary>
    public Action<Look>? Looked { get; init; }

    public bool IsDisposed => _disposing.IsOver;

    /// <summary>Makes the rows of subscriptions that are not there, and begins to look.</summary>
    /// <exception cref="ObjectDisposedException">It was ended meanwhile.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _subscriptions.StartAsync(cancellationToken).ConfigureAwait(false);
        var isBegun = _ending.TryBegin(() =>
        {
            _looking = OwnFlow.Run(() => LookAsync(_stopping.Token));
            _watching = _lags.Watch([.. _declared.Select(static declared => declared.Name)]);
        });
        ObjectDisposedException.ThrowIf(!isBegun, this);
    }

    /// <summary>Ends after the events at hand, and gives up what was carried.</summary>
    /// <param name="cancellationToken">Ends the events at hand too.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _ending.EndAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _disposing.EndAsync(CancellationToken.None).ConfigureAwait(false);
        _disposing.Dispose();
    }

    private async Task EndAsync(CancellationToken hurried)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        _watching?.Dispose();
        await Task.WhenAll(_runs.Values.Select(run => EndAsync(run, hurried)).Concat(_endings)).ConfigureAwait(false);
        _runs.Clear();
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _place.Rows.ForgetAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The row of a node that is not alive harms nobody.
        }

        _place.Moved.Set();
    }

    private async Task DisposeOnceAsync(CancellationToken hurried)
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _stopping.Dispose();
        _ending.Dispose();
        _place.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _subscriptions.CheckRefusedAsync(cancellationToken).ConfigureAwait(false);
                string[] knows = [.. Carried.Select(static declared => declared.Known)];
                var beat = new Beat(_place.Node, _place.NodeName, knows);
                var look = await _place.Looks.LookAsync(beat, cancellationToken).ConfigureAwait(false);
                _leases.Beat();
                Looked?.Invoke(look);
                await ActAsync(look, cancellationToken).ConfigureAwait(false);
                await TendAsync(look, cancellationToken).ConfigureAwait(false);
                (_hasLooked, _failedLooks) = (true, 0);
                await Task.Delay(Pause, _place.WaitClock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (_failedLooks++ % LooksBetweenMessages == 0)
                    SubscriptionLog.LookFailed(_place.Database.Telemetry, failure);

                await Task.Delay(Pause, _place.WaitClock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // Something is built if there are ranges that would not be there otherwise.
    private async Task TendAsync(Look look, CancellationToken cancellationToken)
    {
        if (_place.WaitClock.GetElapsedTime(_tendedAt) < TendInterval
            || !_declared.Any(one => one.Build is not null && look.Ranges.Any(range => range.Key.Subscription == one.Name)))
            return;

        _tendedAt = _place.WaitClock.GetTimestamp();
        await _projections.TendAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ActAsync(Look look, CancellationToken cancellationToken)
    {
        _endings.RemoveAll(static ending => ending.IsCompleted);
        foreach (var (left, _) in _leaving.Where(static one => one.Value.Ending.IsCompleted).ToList())
            _leaving.Remove(left);

        DropLost(look);

        // Alone, it shares with nobody: not with the row of a process that ended a moment ago either.
        var sharing = _mode == DaemonMode.Solo ? look with { Nodes = [.. look.Nodes.Where(node => node.Id == _place.Node)] } : look;
        var assigned = _isOneOfMany ? Balance.AssignTogether(sharing) : Balance.Assign(sharing);
        foreach (var range in look.Ranges)
        {
            if (range.HasWishes && _runs.TryGetValue(range.Key, out var wished))
                wished.Wish();

            var isMine = assigned.TryGetValue(range.Key, out var node) && node == _place.Node;
            if (isMine && !_runs.ContainsKey(range.Key) && !IsLeft(range) && MayTake(range, look))
                await ClaimAsync(range, cancellationToken).ConfigureAwait(false);
            else if (!isMine && range.Owner == _place.Node && _runs.Remove(range.Key, out var run))
                Leave(run);
        }

        foreach (var (range, stops) in _rejoining.Due(look, _place.Node, _runs.GetValueOrDefault))
        {
            if (!await _place.Rows.RejoinAsync(range, stops, cancellationToken).ConfigureAwait(false))
                continue;

            foreach (var changed in (RangeKey[])[range, range.OfAll])
                _runs.GetValueOrDefault(changed)?.Abort(RunEnd.Fenced);
        }
    }

    /// <summary>Ends the workers whose range is another's by now. An idle one sends nothing, and would never learn it.</summary>
    private void DropLost(Look look)
    {
        var rows = look.Ranges.ToDictionary(static range => range.Key);
        foreach (var (key, run) in _runs.ToList())
        {
            var isElsewhere = run.Server != look.Server;
            var isLost = isElsewhere || !rows.TryGetValue(key, out var row) || (row.Owner != _place.Node && row.Epoch > run.Epoch);
            if (isLost)
                run.Abort(isElsewhere ? RunEnd.ServerChanged : RunEnd.Fenced);

            if (!isLost && run.IsRunning)
                continue;

            SubscriptionLog.Ended(_place.Database.Telemetry, key, run.Ended ?? RunEnd.Fenced);
            _runs.Remove(key);
            _endings.Add(run.DisposeAsync().AsTask());
        }
    }

    // What names this node without a worker is a claim whose answer was lost.
    private bool MayTake(RangeRow range, Look look) => range.Owner is not { } owner
        || owner == _place.Node
        || (look.Nodes.All(node => node.Id != owner) && _leases.IsUnbroken)
        || (_mode == DaemonMode.Solo && !_hasLooked);

    private async Task ClaimAsync(RangeRow range, CancellationToken cancellationToken)
    {
        if (await _subscriptions.FindAsync(range.Key, cancellationToken).ConfigureAwait(false) is not { } declared)
            return;

        if (await _place.Rows.ClaimAsync(range, _lease, cancellationToken).ConfigureAwait(false) is not { } claim)
            return;

        new SubscriptionTelemetry(_place.Database.Telemetry, declared.Name).Claimed();
        SubscriptionLog.Claimed(_place.Database.Telemetry, range.Key, claim.Epoch, claim.Position);
        if (claim.IsElsewhere)
            SubscriptionLog.Elsewhere(_place.Database.Telemetry, range.Key, claim.Position, claim.Timelines);

        var run = _carry(declared, range.Key, claim);
        _runs.Add(range.Key, run);
        run.Start();
    }

    private void Leave(IRangeRun run)
    {
        var ending = EndAsync(run, _ending.Hurried);
        _leaving[run.Range] = (run.Epoch, ending);
        _endings.Add(ending);
    }

    // Whoever has fenced it waits for nothing.
    private bool IsLeft(RangeRow range) => _leaving.TryGetValue(range.Key, out var left) && left.Epoch == range.Epoch;

    private static async Task EndAsync(IRangeRun run, CancellationToken cancellationToken)
    {
        await run.StopAsync(cancellationToken).ConfigureAwait(false);
        await run.DisposeAsync().ConfigureAwait(false);
    }
}
