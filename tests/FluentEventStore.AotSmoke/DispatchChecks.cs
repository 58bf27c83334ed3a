using FluentEventStore.Testing;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class DispatchChecks(EventStore store)
{
    private const string Tenant = "tills";

    private static readonly SessionOptions Options = new() { TenantId = Tenant };

    public async Task FoldAsync()
    {
        await using var session = store.OpenSession(Tenant);
        session.Events.Append("till", new CashTaken("Ada", 10m), new CashTaken("Bob", 2m), new CashDropped(4m));
        await session.SaveChangesAsync();

        Equal(new Till(-1m, "Bob"), await session.Events.AggregateStreamAsync<Till>("till"));
    }

    public async Task HandleAsync()
    {
        var report = new CashReport();
        IEventHandler handler = report;
        await using var session = store.OpenSession(Tenant);
        session.Events.Append("other", new CashTaken("Cid", 1m), new TillLocked("Cid"), new AccountClosed());
        await session.SaveChangesAsync();
        Equal(new EventFilter().For<CashReport>().ToString(), new EventFilter().For(handler).ToString());
        await foreach (var e in session.Events.ReadAllAsync(new EventFilter().For(handler)))
            await handler.HandleAsync(e, session);

        EqualItems(["10@1", "2@2", "4@3", "1@1", "Cid tills"], report.Lines);
    }

    public async Task DecideAsync()
    {
        Equal(0, (await store.ExecuteAsync(TillRules.Decider, "till", new DropCash(100m), Options)).Streams.Count);
        Equal(4L, (await store.ExecuteAsync(TillRules.Decider, "till", new DropCash(8m), Options)).Streams["till"].Version);
        Equal(5L, (await store.ExecuteAsync(new Locking(), "till", new LockTill("Dan"), Options)).Streams["till"].Version);
        Equal(6L, (await store.ExecuteAsync<Till>("till", (till, _) => [new TillLocked(till!.Clerk)], Options)).Streams["till"].Version);
        await using var session = store.OpenSession(Tenant);
        Equal(6L, (await session.Events.FoldAsync(TillRules.Decider, "till")).Version.Version);
        Equal(7m, TillRules.Decider.Fold(new CashTaken("Ada", 7m)));
        await ThrowsAsync<ArgumentException>(() => store.ExecuteAsync(TillRules.Decider, "till", "no command", Options));
        await ThrowsAsync<InvalidOperationException>(() => store.ExecuteAsync(
            TillRules.Decider,
            "till",
            new DropCash(0m),
            new ExecutionOptions
            {
                TenantId = Tenant,
                RetryFor = TimeSpan.Zero,
                Check = static version => throw new InvalidOperationException($"{version}"),
            }));
    }

    public async Task ExecuteAsync()
    {
        Task<IEnumerable<object>> LockAsync(Till? till, CancellationToken _) =>
            Task.FromResult<IEnumerable<object>>([new TillLocked(till?.Clerk ?? "Ada")]);

        // In the default tenant: no later check counts its log.
        Equal(1L, (await store.ExecuteAsync<Till>("till", LockAsync)).Streams["till"].Version);
        Equal(2L, (await store.ExecuteAsync<Till>("till", static (till, _) => [new CashTaken(till!.Clerk, 8m)])).Streams["till"].Version);
        Equal(3L, (await store.ExecuteAsync(TillRules.Decider, "till", new DropCash(8m))).Streams["till"].Version);
        Equal(7L, (await store.ExecuteAsync<Till>("till", LockAsync, Options)).Streams["till"].Version);

        var events = await TillRules.Decider.DecideAsync(
            new DropCash(8m), TillRules.Decider.Fold((IEnumerable<object>)[new CashTaken("Ada", 8m)]));
        Equal<object>(new CashDropped(8m), events.Single());
        await using var session = store.OpenQuerySession();
        Equal(8m, TillRules.Decider.Evolve(0m, (await session.Events.FetchStreamAsync("till"))[1]));
    }
}
