using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>What an object does for many callers: apart from each of them, one piece at a time, and not after its own end.</summary>
internal sealed class OwnWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    public bool IsEnding => _ending.IsCancellationRequested;

    public bool IsRunning
    {
        get
        {
            lock (_gate)
                return !_running.IsCompleted;
        }
    }

    /// <summary>Begins a piece, after the one before; not once this is disposed.</summary>
    /// <param name="piece">Never fails. Its token is cancelled when this is disposed.</param>
    public bool TryBegin(Func<CancellationToken, Task> piece)
    {
        lock (_gate)
        {
            if (IsEnding)
                return false;

            var ending = _ending.Token;
            _running = OwnFlow.Run(() => piece(ending));
            return true;
        }
    }

    /// <summary>Waits for what is under way to end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsEnding)
            return;

        await _ending.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate)
            running = _running;

        await running.ConfigureAwait(false);
        _ending.Dispose();
    }
}
