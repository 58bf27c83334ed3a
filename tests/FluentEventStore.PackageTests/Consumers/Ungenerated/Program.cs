using FluentEventStore;

// Nothing here connects.
await using var store = EventStore.For(options => options.Connection("Host=nowhere.invalid"));
await using var session = store.OpenSession();
Func<Task>[] uses =
[
    Use(() => _ = new ImportedEvent("a", 1, new Paid(1)) { Timestamp = default }),
    Use(() => new EventFilter().OfType<Paid>()),
    Use(() => session.Events.Append("a", new Paid(1))),
    Use(() => new EventStoreOptions().Projections.Snapshot<Account>(ProjectionLifecycle.Inline)),
    Use(() => new EventStoreOptions().Projections.SnapshotLive<Account>()),
    Use(() => session.Events.StartStream<Account>("a", new Paid(1))),
    () => session.Events.FetchForWritingAsync<Account>("a"),
    () => session.Events.FetchLatestAsync<Account>("a"),
    Use(() => session.Store(new Customer("ada"))),
    Use(() => session.Delete<Customer>("ada")),
    () => session.LoadAsync<Customer>("ada"),
];
foreach (var use in uses)
{
    try
    {
        await use();
    }
    catch (ArgumentException notRegistered)
    {
        Console.WriteLine(notRegistered.Message);
    }
}

static Func<Task> Use(Action use) => () =>
{
    use();
    return Task.CompletedTask;
};

[Event("paid")]
internal sealed record Paid(decimal Amount);

[Aggregate]
internal sealed record Account(string Id, decimal Balance)
{
    public static Account Create(Paid e) => new("", e.Amount);
}

[Document]
internal sealed record Customer(string Id);
