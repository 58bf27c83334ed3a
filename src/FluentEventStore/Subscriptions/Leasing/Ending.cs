using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// An end that many may ask for, at the same time too: it comes once, apart from the flow of each, and all wait for it. Whoever has no more
/// time hurries it for all.
/// </summary>
/// <param name="end">Ends. Its token is cancelled when it is to hurry.</param>
internal sealed class Ending(Func<CancellationToken, Task> end)
{
    private readonly Lock _gate = new();

    // Never disposed: it holds nothing, and whoever hurries may come late.
    private readonly CancellationTokenSource _hurry = new();
    private Task? _ending;

    public CancellationToken Hurried => _hurry.Token;

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
            ending = _ending ??= OwnFlow.Run(() => end(_hurry.Token));

        using var hurrying = hurry.UnsafeRegister(static one => ((Ending)one!)._hurry.Cancel(), this);
        await ending.ConfigureAwait(false);
    }
}
