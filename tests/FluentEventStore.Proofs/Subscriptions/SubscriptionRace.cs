using System.Diagnostics;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>
/// Daemons carry subscriptions while events are appended, ranges are taken from them without a word, events fail and are parked and
/// replayed, and ranges are split and merged.
/// </summary>
internal sealed class SubscriptionRace(BankStore bank, int seed)
{
    private const double FailureRate = 0.03;

    public required TimeSpan Time { get; init; }

    /// <summary>How many events there are to be at least, however slow the machine is.</summary>
    public int LeastEvents { get; init; } = 600;

    /// <summary>How long nothing may get on at the end.</summary>
    public TimeSpan LongestEnd { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether events fail, and are parked and replayed.</summary>
    public bool Parks { get; init; }

    /// <summary>Whether ranges are split and merged.</summary>
    public bool Splits { get; init; }

    /// <summary>How many events there were.</summary>
    public int Events { get; private set; }

    public bool IsDone { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <returns>What became of the events, by subscription.</returns>
    public async Task<IReadOnlyDictionary<string, Outcome>> RunAsync()
    {
        var isFair = false;
        var effects = new Effects();
        await using var carriers = new Carriers(bank, effects)
        {
            Then = Parks ? FailedEvent.Park : FailedEvent.Stop,
            Before = async _ =>
            {
                await Task.Yield();
                if (Parks && !isFair && Random.Shared.NextDouble() < FailureRate)
                    throw new InvalidOperationException("It fails by chance.");
            },
        };
        await carriers.StartAsync(2);
        var writers = new NumberWriters(bank.Store, seed) { LongestRest = TimeSpan.FromMilliseconds(15) };
        using var enough = new CancellationTokenSource();
        var writing = writers.RunAsync(enough.Token);
        await DisturbAsync(writers, new Random(seed));
        await enough.CancelAsync();
        await writing;
        isFair = true;
        Events = writers.Count;
        IsDone = await EndAsync();
        return await Copying.CompareAsync(bank.Store, writers.Written, effects);
    }

    private async Task DisturbAsync(NumberWriters writers, Random random)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Time || writers.Count < LeastEvents)
        {
            await Takeover.OfOneRangeAsync(bank, random, ranges: 11);
            if (Parks && random.Next(4) == 0)
                await ReplayAsync(random);

            if (Splits)
                await SplitOrMergeAsync(random);

            await Task.Delay(random.Next(150), Token);
        }
    }

    private async Task ReplayAsync(Random random)
    {
        foreach (var name in Copying.Names)
            await bank.Store.Subscriptions.ReplayParkedAsync(name, random.Next(1, 20), Token);
    }

    // Whoever merges waits until ranges stand together, and may be disturbed in that.
    private async Task SplitOrMergeAsync(Random random)
    {
        var name = Copying.Names[random.Next(Copying.Names.Length)];
        await bank.Store.Subscriptions.SplitAsync(name, random.Next(2, 9), Token);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await bank.Store.Subscriptions.MergeAsync(name, random.Next(1, 4), limit.Token);
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> EndAsync()
    {
        using var done = new CancellationTokenSource();
        var replaying = Task.Run(async () =>
        {
            while (Parks && !done.IsCancellationRequested)
            {
                foreach (var name in Copying.Names)
                    await bank.Store.Subscriptions.ReplayParkedAsync(name, Token);

                await Task.Delay(200, Token);
            }
        });
        var isDone = await Copying.CatchUpAsync(bank.Store, LongestEnd);
        await done.CancelAsync();
        await replaying;
        return isDone;
    }
}
