namespace FluentEventStore.Subscriptions;

/// <summary>Opens pulled subscriptions of one database, and ends those that are still open.</summary>
internal sealed class PulledSubscriptions(
    DeclaredSubscriptions declared,
    Func<Workplace> makePlace,
    SubscriptionRows rows,
    PositionLookup positions,
    StatusReader status,
    LagWatch lags) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PulledSubscription, Workplace> _open = [];
    private bool _isOver;

    /// <summary>What moves when one of them has written something.</summary>
    public IReadOnlyList<Task> Moving
    {
        get
        {
            lock (_gate)
                return [.. _open.Values.Select(static place => place.Moved.Next)];
        }
    }

    /// <summary>The names of those that have a checkpoint.</summary>
    public IReadOnlyCollection<string> NamesOfStored
    {
        get
        {
            lock (_gate)
                return [.. _open.Keys.Where(static one => one.IsStored).Select(static one => one.Name).Distinct()];
        }
    }

    public async Task<ISubscription> OpenAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken)
    {
        if (declared.All.Any(one => one.Name == name))
            throw new ArgumentException(
                $"Subscription '{name}' is declared in this store: its daemon carries it, and its events are not delivered otherwise.",
                nameof(name));

        var declaration = PulledDeclaration.Of(name, options);
        var rules = new PullRules(
            options.BufferSize, options.CheckpointAfterCount, options.CheckpointAfter, declared.MaxParkedKeys, options.IsTransient)
        {
            Patience = declared.Lease,
            Unreadable = options.Unreadable,
        };
        var place = makePlace();
        var subscription = new PulledSubscription(
            name,
            declaration.Version,
            rules.BufferSize,
            options.IsTransient ? null : (one, token) => status.FetchAsync(one, declared.Lease, token));
        var (start, end) = options.IsTransient
            ? Transient(declaration, rules, place, subscription)
            : Stored(declaration, rules, place, subscription);
        try
        {
            await start(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await end().ConfigureAwait(false);
            throw;
        }

        subscription.EndWith(() =>
        {
            lock (_gate)
                _open.Remove(subscription);

            return end();
        });
        if (TryAdd(subscription, place))
            return subscription;

        await subscription.DisposeAsync().ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(IStoreSubscriptions), "The store was disposed while the subscription was opened.");
    }

    public async ValueTask DisposeAsync()
    {
        List<PulledSubscription> open;
        lock (_gate)
            (open, _isOver) = ([.. _open.Keys], true);

        foreach (var subscription in open)
            await subscription.DisposeAsync().ConfigureAwait(false);
    }

    // What is opened while all are ended would be ended by nobody.
    private bool TryAdd(PulledSubscription subscription, Workplace place)
    {
        lock (_gate)
            return !_isOver && _open.TryAdd(subscription, place);
    }

    private (Func<CancellationToken, Task> Start, Func<ValueTask> End) Stored(
        Declaration declaration, PullRules rules, Workplace place, PulledSubscription subscription)
    {
        var daemon = new DatabaseDaemon(
            place,
            rows,
            positions,
            [declaration],
            new NoProjections(),
            (one, range, claim) => new PullRun(one, range, claim, place, rules, subscription),
            lags,
            DaemonMode.HotCold,
            declared.Lease,
            isOneOfMany: false)
        {
            Looked = subscription.Saw,
        };
        return (StartAsync, daemon.DisposeAsync);

        async Task StartAsync(CancellationToken cancellationToken)
        {
            await daemon.StartAsync(cancellationToken).ConfigureAwait(false);
            if (daemon.Refused.TryGetValue(declaration.Name, out var mismatch))
                throw new SubscriptionMismatchException(declaration.Name, mismatch.Stored, mismatch.Declared, mismatch.Problem);
        }
    }

    private (Func<CancellationToken, Task> Start, Func<ValueTask> End) Transient(
        Declaration declaration, PullRules rules, Workplace place, PulledSubscription subscription)
    {
        var run = default(PullRun);
        return (StartAsync, EndAsync);

        async Task StartAsync(CancellationToken cancellationToken)
        {
            var settled = (await place.Settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
            var floor = await Floor.FindAsync(declaration.Start, settled, positions, cancellationToken).ConfigureAwait(false);
            var claim = new Claim(Epoch: 0, floor, StopAt: null, settled, LastEvent: null, Takeovers: 0, new Dictionary<EventKey, long>());
            var range = new RangeKey(declaration.Name, declaration.Version, 0, SubscriptionTables.SliceCount - 1);
            run = new PullRun(declaration, range, claim, place, rules, subscription);
            run.Start();
        }

        async ValueTask EndAsync()
        {
            if (run is not null)
                await run.DisposeAsync().ConfigureAwait(false);

            place.Dispose();
        }
    }
}
