using System.Collections.Concurrent;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Processes that carry the same subscriptions. Who ends is replaced.</summary>
internal sealed class Crew(string connectionString, string schema, int size) : IAsyncDisposable
{
    /// <summary>The number of the message that a process was fenced.</summary>
    private const int Fenced = 1802;

    private readonly WorkerProcess[] _workers = new WorkerProcess[size];
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, size).Select(static _ => new SemaphoreSlim(1))];

    public Effects Effects { get; } = new();

    /// <summary>The warnings of all.</summary>
    public ConcurrentQueue<(int Id, string Text)> Log { get; } = new();

    /// <summary>How often a worker found that it had been replaced when it was about to write.</summary>
    public int FencedCommits => Log.Count(static message => message.Id == Fenced);

    public async Task StartAsync()
    {
        for (var index = 0; index < size; index++)
            _workers[index] = Start();

        foreach (var worker in _workers)
            await worker.WaitUntilReadyAsync();
    }

    /// <summary>Kills one, and starts another in its place.</summary>
    /// <param name="random">Says which.</param>
    /// <param name="mustBeReady">Whether the other one is awaited: else it may be killed in the middle of its start.</param>
    public Task KillAsync(Random random, bool mustBeReady) => WithOneAsync(random, async index =>
    {
        await _workers[index].KillAsync();
        await _workers[index].DisposeAsync();
        _workers[index] = Start();
        if (mustBeReady)
            await _workers[index].WaitUntilReadyAsync();
    });

    /// <summary>Pauses one for a while.</summary>
    public Task PauseAsync(Random random, TimeSpan time) =>
        PauseAsync(random, () => Task.Delay(time, TestContext.Current.CancellationToken));

    /// <summary>Pauses one until something has happened.</summary>
    public Task PauseAsync(Random random, Func<Task> meanwhile) => WithOneAsync(random, async index =>
    {
        await _workers[index].WaitUntilReadyAsync();
        await _workers[index].PauseAsync();
        await meanwhile();
        await _workers[index].ContinueAsync();
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await (worker?.DisposeAsync() ?? ValueTask.CompletedTask);

        foreach (var turn in _turns)
            turn.Dispose();

        foreach (var messages in Log.GroupBy(static message => message.Id).OrderBy(static messages => messages.Key))
            TestContext.Current.TestOutputHelper?.WriteLine($"{messages.Count()} x {messages.Key} {messages.First().Text}");
    }

    private WorkerProcess Start() => WorkerProcess.Start(connectionString, schema, Effects, Log);

    private async Task WithOneAsync(Random random, Func<int, Task> act)
    {
        var index = random.Next(size);
        await _turns[index].WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await act(index);
        }
        finally
        {
            _turns[index].Release();
        }
    }
}
