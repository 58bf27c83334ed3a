using System.Runtime.CompilerServices;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Lets consumers take the deliveries of all ranges that this process carries of a pulled subscription, in turn, as long as there is room.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="version">Its version.</param>
/// <param name="bufferSize">How many deliveries are out at most.</param>
/// <param name="status">Reads the state of a subscription by its name; <see langword="null"/> if nothing is stored of it.</param>
internal sealed class PulledSubscription(
    string name, int version, int bufferSize, Func<string, CancellationToken, Task<IReadOnlyList<SubscriptionStatus>>>? status)
    : ISubscription
{
    private readonly Lock _gate = new();
    private readonly List<PullRun> _runs = [];
    private readonly Signal _changed = new();
    private readonly PullRoom _room = new(bufferSize);
    private Func<ValueTask> _end = static () => ValueTask.CompletedTask;
    private Exception? _failure;
    private int _consumers;
    private int _turn;
    private bool _mustAsk;
    private int _isDisposed;

    public string Name { get; } = name;

    /// <summary>Whether it has a checkpoint.</summary>
    public bool IsStored => status is not null;

    /// <summary>Whether somebody enumerates, and there is room.</summary>
    public bool IsWanted => Volatile.Read(ref _consumers) > 0 && HasRoom();

    /// <summary>Says what ends when it is disposed.</summary>
    public void EndWith(Func<ValueTask> end) => _end = end;

    public IAsyncEnumerable<Delivery> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return EnumerateAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        _changed.Set();
        await _end().ConfigureAwait(false);
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);

    public void Add(PullRun run)
    {
        lock (_gate)
            _runs.Add(run);
    }

    public void Remove(PullRun run)
    {
        lock (_gate)
            _runs.Remove(run);

        MadeRoom();
    }

    /// <summary>There may be something to take.</summary>
    public void Wake() => _changed.Set();

    /// <summary>Deliveries are not out any more: there may be room for others, of all ranges.</summary>
    public void MadeRoom()
    {
        if (_room.Make())
            LookAtAll();

        Wake();
    }

    /// <summary>It is transient, and nothing comes any more.</summary>
    public void Fail(SubscriptionFailure failure)
    {
        var position = failure.Position ?? 0;
        _failure = new SubscriptionStoppedException(
            Name, Math.Max(position - 1, 0), position, $"it is transient, and has ended: {failure}");
        Wake();
    }

    /// <summary>Takes notice of what the rows say of its ranges.</summary>
    public void Saw(Look look)
    {
        var rows = look.Ranges.Where(range => range.Key.Subscription == Name && range.Key.Version == version).ToList();
        foreach (var run in Runs())
            run.Saw(rows.Find(row => row.Key == run.Range)?.Epoch);

        var mustAsk = rows.All(static row => row.State == RowState.Faulted);
        Volatile.Write(ref _mustAsk, mustAsk);
        if (mustAsk)
            Wake();
    }

    private async IAsyncEnumerable<Delivery> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Enter(1);
        try
        {
            while (await TakeAsync(cancellationToken).ConfigureAwait(false) is { } delivery)
                yield return delivery;
        }
        finally
        {
            Enter(-1);
        }
    }

    private async Task<Delivery?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Next;
            cancellationToken.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _isDisposed) != 0)
                return null;

            if (TryTake() is { } delivery)
                return delivery;

            if (_failure is { } failure)
                throw failure;

            if (Volatile.Read(ref _mustAsk) && status is not null)
                await ThrowIfStoppedAsync(cancellationToken).ConfigureAwait(false);

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Delivery? TryTake()
    {
        lock (_gate)
        {
            if (!HasRoom())
                return null;

            for (var count = 0; count < _runs.Count; count++)
            {
                var run = _runs[_turn++ % _runs.Count];
                if (run.TryTake() is not { } delivery)
                    continue;

                run.Look();
                return delivery;
            }

            return null;
        }
    }

    private async Task ThrowIfStoppedAsync(CancellationToken cancellationToken)
    {
        var all = await status!(Name, cancellationToken).ConfigureAwait(false);
        if (all.Count == 0)
            throw new SubscriptionNotFoundException(Name);

        var last = all[^1];
        if (last.Version != version)
            throw new SubscriptionStoppedException(
                Name, last.Position, last.Position + 1, FormattableString.Invariant($"version {last.Version} has taken it over."));

        if (last.Ranges.All(static range => range.State == SubscriptionState.Faulted))
            throw new SubscriptionStoppedException(Name, last.Position, last.Position + 1, $"it is faulted: {last.Failure}");
    }

    private bool HasRoom() => _room.IsThere(() => Runs().Sum(static run => run.Out));

    private void LookAtAll()
    {
        foreach (var run in Runs())
            run.Look();
    }

    private void Enter(int count)
    {
        Interlocked.Add(ref _consumers, count);
        LookAtAll();
    }

    private List<PullRun> Runs()
    {
        lock (_gate)
            return [.. _runs];
    }
}
