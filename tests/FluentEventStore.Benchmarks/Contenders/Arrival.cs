namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>Tells whoever appended an event that a handler sees it.</summary>
internal sealed class Arrival
{
    private readonly Lock _gate = new();
    private string? _key;
    private TaskCompletionSource _arrived = new();

    /// <summary>Said before the event is appended.</summary>
    public Task Expect(string key)
    {
        lock (_gate)
        {
            _key = key;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrived.Task;
        }
    }

    public void Take(string key)
    {
        lock (_gate)
        {
            if (key == _key)
                _arrived.TrySetResult();
        }
    }
}
