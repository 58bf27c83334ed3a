namespace FluentEventStore.Messages;

/// <summary>Wakes the senders of the process when there is something for them.</summary>
internal sealed class MessageSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next call. Taken before anything is looked at, so that no call is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
