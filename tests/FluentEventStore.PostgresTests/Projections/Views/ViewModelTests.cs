using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Views;

/// <summary>Random events, kept inline by one store and by the daemon of another, which catches up at random times.</summary>
public sealed class ViewModelTests(InlineViewStore inline, AsyncViewStore daemon)
    : IClassFixture<InlineViewStore>, IClassFixture<AsyncViewStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_equal_whoever_writes_them_and_wherever_pages_end()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var accounts = Enumerable.Range(0, 12).Select(index => Guid.Parse($"{index % 5:00}{Guid.NewGuid().ToString()[2..]}")).ToArray();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var ofUnits = inline.CreateStore(options => options.TimeProvider = clock);
        await using var ofDaemon = daemon.CreateStore(options => options.TimeProvider = clock);
        IDaemon? running = null;
        for (var step = 0; step < 150; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var appends = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => accounts[random.Next(accounts.Length)])
                .Select(account => (account, Events: Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random, account)).ToArray()))
                .ToArray();
            var tenant = random.Next(4) == 0 ? new TenantId("other") : TenantId.Default;
            foreach (var store in (EventStore[])[ofUnits, ofDaemon])
            {
                await using var session = store.OpenSession(tenant);
                foreach (var (account, events) in appends)
                    session.Events.Append(account, events);

                await session.SaveChangesAsync(Cancelled);
            }

            if (random.Next(8) == 0)
            {
                running ??= await SubscriptionStore.CatchUpAsync(ofDaemon);
                await running.CatchUpAsync(Cancelled);
                if (random.Next(2) == 0)
                {
                    await running.DisposeAsync();
                    running = null;
                }
            }
        }

        running ??= await SubscriptionStore.CatchUpAsync(ofDaemon);
        await running.CatchUpAsync(Cancelled);
        await running.DisposeAsync();

        (await daemon.RowsAsync()).ShouldBe(await inline.RowsAsync(), $"seed {seed}");
        (await ModelAsync(ofDaemon)).ShouldBe(await LoadedAsync(ofDaemon), $"seed {seed}");
    }

    private static object Draw(Random random, Guid account) => random.Next(10) switch
    {
        < 4 => new MoneyDeposited(account, random.Next(100)),
        < 7 => new MoneyWithdrawn(account, random.Next(3)),
        7 => new AccountClosed(account),
        8 => new NoteTaken("forget"),
        _ => new NoteTaken(string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"w{random.Next(6)}"))),
    };

    private static async Task<string> ModelAsync(EventStore store)
    {
        var (sums, words) = (new Dictionary<(TenantId, string), (decimal In, decimal Out)>(), new Dictionary<(TenantId, string), int>());
        await using var session = store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(new LogRange(), new EventFilter().OfAnyTenant(), Cancelled))
        {
            switch (e.Data)
            {
                case MoneyDeposited deposited:
                    var into = (e.TenantId, TurnoverProjection.Group(deposited.AccountId));
                    var sum = sums.GetValueOrDefault(into);
                    sums[into] = sum with { In = sum.In + deposited.Amount };
                    break;
                case MoneyWithdrawn { Amount: not 0 } withdrawn
                    when sums.TryGetValue((e.TenantId, TurnoverProjection.Group(withdrawn.AccountId)), out var before):
                    sums[(e.TenantId, TurnoverProjection.Group(withdrawn.AccountId))] = before with { Out = before.Out + withdrawn.Amount };
                    break;
                case AccountClosed closed:
                    sums.Remove((e.TenantId, TurnoverProjection.Group(closed.AccountId)));
                    break;
                case NoteTaken { Text: "forget" }:
                    words.Remove((e.TenantId, "forget"));
                    break;
                case NoteTaken note:
                    foreach (var word in note.Text.Split(' ').Distinct())
                        words[(e.TenantId, word)] = words.GetValueOrDefault((e.TenantId, word)) + 1;

                    break;
            }
        }

        return string.Join('\n', sums.Select(static one => $"{one.Key} {one.Value.In} {one.Value.Out}")
            .Concat(words.Select(static one => $"{one.Key} {one.Value}"))
            .Order(StringComparer.Ordinal));
    }

    private static async Task<string> LoadedAsync(EventStore store)
    {
        List<string> lines = [];
        foreach (var tenant in new[] { TenantId.Default, new TenantId("other") })
        {
            await using var session = store.OpenQuerySession(tenant);
            foreach (var view in await session.LoadManyAsync<Turnover>(Enumerable.Range(0, 5).Select(static one => $"{one:00}"), Cancelled))
                lines.Add($"{(tenant, view.Id)} {view.In} {view.Out}");

            foreach (var word in await session.LoadManyAsync<Word>(Enumerable.Range(0, 6).Select(static one => $"w{one}"), Cancelled))
                lines.Add($"{(tenant, word.Id)} {word.Count}");
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
