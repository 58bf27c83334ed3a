using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// What many of a process ask of a database at about the same time, in one call: whoever asks first waits for the others for a moment.
/// </summary>
/// <param name="call">Asks for all, and answers each in their order.</param>
/// <param name="clock">The clock of that moment.</param>
internal sealed class GatheredCall<TItem, TAnswer>(
    Func<TItem[], CancellationToken, Task<IReadOnlyList<TAnswer>>> call, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private List<Asked> _asked = [];
    private bool _isRunning;

    /// <summary>Asks together with others.</summary>
    /// <param name="item">What.</param>
    /// <param name="cancellationToken">Ends the wait, not what is asked for others too.</param>
    /// <exception cref="Exception">What the call threw.</exception>
    public Task<TAnswer> AskAsync(TItem item, CancellationToken cancellationToken)
    {
        var asked = new Asked(item);
        lock (_gate)
        {
            if (!_isRunning && !_work.TryBegin(RunAsync))
                throw ConnectionSource.Disposed();

            _isRunning = true;
            _asked.Add(asked);
        }

        return asked.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Moment, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<Asked> gathered;
            lock (_gate)
            {
                (gathered, _asked) = (_asked, []);
                _isRunning = gathered is not [];
            }

            if (gathered is [])
                return;

            await CallAsync(gathered, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(List<Asked> gathered, CancellationToken cancellationToken)
    {
        try
        {
            var answers = await call([.. gathered.Select(static asked => asked.Item)], cancellationToken).ConfigureAwait(false);
            for (var index = 0; index < gathered.Count; index++)
                gathered[index].Answer.SetResult(answers[index]);
        }
        catch (Exception failure)
        {
            var told = cancellationToken.IsCancellationRequested ? ConnectionSource.Disposed() : failure;
            foreach (var asked in gathered)
                asked.Answer.TrySetException(told);
        }
    }

    private sealed class Asked
    {
        public Asked(TItem item)
        {
            Item = item;

            // Whoever asked may have given up: a failure that nobody awaits must not count as unobserved.
            _ = Answer.Task.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted
                    | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        public TItem Item { get; }

        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
