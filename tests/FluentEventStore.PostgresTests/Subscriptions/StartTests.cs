using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Where a subscription begins: declared, pulled and transient ones alike.</summary>
public sealed class StartTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";

    public enum Start
    {
        Beginning,
        Present,
        Position,
        Time,
    }

    public static TheoryData<Start, string[]> Starts => new()
    {
        { Start.Beginning, ["1", "2", "3", "4"] },
        { Start.Present, ["4"] },
        { Start.Position, ["2", "3", "4"] },
        { Start.Time, ["3", "4"] },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task A_declared_one_begins_where_it_is_said_once_and_for_all(Start start, string[] texts)
    {
        var (position, time) = await AppendAsync();
        var seen = new ConcurrentQueue<string>();
        for (var run = 0; run < 2; run++)
        {
            await using var store = bank.With(_name, subscription =>
            {
                subscription.Filter(filter => filter.OfStream(_stream)).Handle((e, _) =>
                {
                    seen.Enqueue(((NoteTaken)e.Data).Text);
                    return Task.CompletedTask;
                });
                _ = start switch
                {
                    Start.Present => subscription.FromPresent(),
                    Start.Position => subscription.FromPosition(position),
                    Start.Time => subscription.FromTime(time),
                    _ => subscription.FromBeginning(),
                };
            });
            await using (await SubscriptionStore.CatchUpAsync(store))
            {
            }

            // While nobody carries it.
            if (run == 0)
                await bank.AppendAsync(_stream, new NoteTaken("4"));
        }

        seen.ShouldBe(texts);
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public Task A_pulled_one_does_so_too(Start start, string[] texts) => PullAsync(start, texts, isTransient: false);

    [Theory]
    [MemberData(nameof(Starts))]
    public Task So_does_a_transient_one_each_time(Start start, string[] texts) => PullAsync(start, texts, isTransient: true);

    private async Task PullAsync(Start start, string[] texts, bool isTransient)
    {
        var (position, time) = await AppendAsync();
        await using var subscription = await bank.Store.Subscriptions.OpenAsync(
            _name,
            new SubscriptionOptions
            {
                Filter = new EventFilter().OfStream(_stream),
                IsTransient = isTransient,
                Start = start switch
                {
                    Start.Present => SubscriptionStart.Present,
                    Start.Position => SubscriptionStart.After(position),
                    Start.Time => SubscriptionStart.At(time),
                    _ => SubscriptionStart.Beginning,
                },
            },
            Token);
        await bank.AppendAsync(_stream, new NoteTaken("4"));
        await using var reader = new PulledReader(subscription);
        foreach (var text in texts)
            await reader.AckAsync(text);
    }

    /// <returns>The position of the first event, and the time of the third.</returns>
    private async Task<(long Position, DateTimeOffset Time)> AppendAsync()
    {
        var first = await bank.AppendAsync(_stream, new NoteTaken("1"));
        await bank.AppendAsync(_stream, new NoteTaken("2"));
        while (DateTimeOffset.UtcNow <= (await bank.FetchAsync(_stream))[1].Timestamp)
            await Task.Delay(1, Token);

        await bank.AppendAsync(_stream, new NoteTaken("3"));
        return (first.Position, (await bank.FetchAsync(_stream))[2].Timestamp);
    }
}
