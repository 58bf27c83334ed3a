using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Outbox;

/// <summary>
/// Writes what becomes of the lanes of a process, one statement at a time: what is said meanwhile goes together in the next one. So the
/// statements of a process never wait for each other's rows.
/// </summary>
internal sealed class Settling(Func<IReadOnlyList<Settlement>, CancellationToken, Task<IReadOnlyCollection<long>>> write) : IAsyncDisposable
{
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private List<(Settlement Item, TaskCompletionSource<bool> Answer)> _said = [];
    private bool _isRunning;

    /// <summary>Writes it down.</summary>
    /// <param name="item">What becomes of a lane.</param>
    /// <param name="cancellationToken">Ends the wait; it may be written all the same.</param>
    /// <returns>Whether the lane was still held.</returns>
    /// <exception cref="Exception">It may or may not be written, and may be said again.</exception>
    public Task<bool> SettleAsync(Settlement item, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Whoever asked may have given up: a failure that nobody awaits must not count as unobserved.
        Sending.Forget(answer.Task);
        lock (_gate)
        {
            _said.Add((item, answer));
            if (!_isRunning && !_work.TryBegin(RunAsync))
                throw ConnectionSource.Disposed();

            _isRunning = true;
        }

        return answer.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            List<(Settlement Item, TaskCompletionSource<bool> Answer)> said;
            lock (_gate)
            {
                (said, _said) = (_said, []);
                _isRunning = said is not [];
            }

            if (said is [])
                return;

            await WriteAsync(said, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(
        List<(Settlement Item, TaskCompletionSource<bool> Answer)> said, CancellationToken cancellationToken)
    {
        try
        {
            // One lane says one thing after the other, except that its lease may be renewed at any time: what was said first goes first.
            while (said is not [])
            {
                var now = said.DistinctBy(static one => one.Item.Token).ToList();
                var held = await write([.. now.Select(static one => one.Item)], cancellationToken).ConfigureAwait(false);
                foreach (var (item, answer) in now)
                    answer.TrySetResult(held.Contains(item.Token));

                said = [.. said.Except(now)];
            }
        }
        catch (Exception failure)
        {
            foreach (var (_, answer) in said)
                answer.TrySetException(cancellationToken.IsCancellationRequested ? ConnectionSource.Disposed() : failure);
        }
    }
}
