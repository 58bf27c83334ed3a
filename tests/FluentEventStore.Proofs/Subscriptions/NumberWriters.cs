using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Append numbered events to streams of their own, whatever happens to the server.</summary>
internal sealed class NumberWriters(EventStore store, int seed)
{
    private readonly ConcurrentDictionary<string, int> _written = new();

    public int Writers { get; init; } = 3;

    /// <summary>How many streams each has.</summary>
    public int Streams { get; init; } = 15;

    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>How many events each stream has.</summary>
    public IReadOnlyDictionary<string, int> Written => _written;

    public int Count => _written.Values.Sum();

    /// <summary>Appends until it is enough.</summary>
    public Task RunAsync(CancellationToken enough) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer, enough))));

    private async Task WriteAsync(int writer, CancellationToken enough)
    {
        var random = new Random(seed + writer);
        while (!enough.IsCancellationRequested)
        {
            var stream = $"{Copying.Sources}{writer}-{random.Next(Streams)}";
            var last = _written.GetValueOrDefault(stream);
            var next = last + random.Next(1, 4);
            await SaveAsync(stream, [.. Enumerable.Range(last + 1, next - last).Select(static number => new Counted(number))]);
            _written[stream] = next;
            await Task.Delay(LongestRest * random.NextDouble(), CancellationToken.None);
        }
    }

    private async Task SaveAsync(string stream, object[] events)
    {
        await using var session = store.OpenSession();
        session.Events.Append(stream, events);
        while (true)
        {
            try
            {
                await session.SaveChangesAsync(TestContext.Current.CancellationToken);
                return;
            }
            catch (Exception passing) when (passing is NpgsqlException or CommitOutcomeUnknownException or DatabaseUnavailableException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}
