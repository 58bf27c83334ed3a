namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>A daemon that hands out what is appended, as long as it is not disposed.</summary>
/// <param name="append">Starts a stream with an event.</param>
/// <param name="arrival">Told of what the handler sees.</param>
/// <param name="stop">Ends the daemon and its stores.</param>
internal sealed class Deliveries(Func<Guid, Task> append, Arrival arrival, Func<ValueTask> stop) : IAsyncDisposable
{
    private const int WarmUps = 10;

    /// <summary>The first events wait for a daemon that has just begun.</summary>
    public async Task<Deliveries> WarmUpAsync()
    {
        for (var number = 0; number < WarmUps; number++)
            await DeliverAsync();

        return this;
    }

    public async Task DeliverAsync()
    {
        var stream = Guid.CreateVersion7();
        Task arrived = arrival.Expect(stream.ToString());
        await append(stream);
        await arrived;
    }

    public ValueTask DisposeAsync() => stop();
}
