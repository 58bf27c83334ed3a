using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// Answers many callers with one call at a time. Those who ask while one runs share the next one, which begins after they have asked.
/// </summary>
/// <param name="call">Its token is cancelled when this is disposed.</param>
internal sealed class SharedCall<TAnswer>(Func<CancellationToken, Task<TAnswer>> call) : IAsyncDisposable
{
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<TAnswer>? _following;
    private bool _isRunning;

    public Task<TAnswer> AskAsync(CancellationToken cancellationToken)
    {
        if (_work.IsEnding)
            throw ConnectionSource.Disposed();

        TaskCompletionSource<TAnswer> asked;
        lock (_gate)
        {
            // The running call may have looked before the caller asked.
            if (_isRunning)
                return (_following ??= NewAnswer()).Task.WaitAsync(cancellationToken);

            asked = NewAnswer();
            if (!_work.TryBegin(ending => AnswerAsync(asked, ending)))
                throw ConnectionSource.Disposed();

            _isRunning = true;
        }

        return asked.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    // Whoever asked may have given up: a failure that nobody awaits must not count as unobserved.
    private static TaskCompletionSource<TAnswer> NewAnswer()
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = answer.Task.ContinueWith(
            static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted
                | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return answer;
    }

    private async Task AnswerAsync(TaskCompletionSource<TAnswer> asked, CancellationToken cancellationToken)
    {
        for (var answer = asked; answer is not null; answer = Next())
        {
            try
            {
                answer.SetResult(await call(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception failure)
            {
                answer.SetException(cancellationToken.IsCancellationRequested ? ConnectionSource.Disposed() : failure);
            }
        }
    }

    private TaskCompletionSource<TAnswer>? Next()
    {
        lock (_gate)
        {
            var next = _following;
            _following = null;
            _isRunning = next is not null;
            return next;
        }
    }
}
