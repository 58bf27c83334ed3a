using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// An end that many may ask for, at the same time too: it comes once, apart from the flow of each, and all wait for it. Whoever has no more
/// time hurries it for all.
/// </summary>
internal sealed class Ending : IDisposable
{
    private readonly Func<CancellationToken, Task> _end;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _hurry = new();
    private Task? _ending;

    public Ending(Func<CancellationToken, Task> end) => (_end, Hurried) = (end, _hurry.Token);

    /// <summary>Cancelled when it is to hurry.</summary>
    public CancellationToken Hurried { get; }

    public bool HasBegun
    {
        get
        {
            lock (_gate)
                return _ending is not null;
        }
    }

    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _ending is { IsCompleted: true };
        }
    }

    /// <summary>Begins something that ends with it, if it is not too late for that.</summary>
    public bool TryBegin(Action begin)
    {
        lock (_gate)
        {
            if (_ending is not null)
                return false;

            begin();
            return true;
        }
    }

    /// <summary>Ends, or waits for the end that somebody else has asked for.</summary>
    /// <param name="hurry">Hurries it.</param>
    public async Task EndAsync(CancellationToken hurry)
    {
        Task ending;
        lock (_gate)
            ending = _ending ??= OwnFlow.Run(() => _end(Hurried));

        using var hurrying = hurry.UnsafeRegister(static one => ((Ending)one!).Hurry(), this);
        await ending.ConfigureAwait(false);
    }

    /// <summary>To be called once it is over.</summary>
    public void Dispose() => _hurry.Dispose();

    private void Hurry()
    {
        try
        {
            _hurry.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is over.
        }
    }
}
