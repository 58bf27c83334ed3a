using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>A store whose daemon keeps snapshots, beside one in the same schema that keeps none.</summary>
public sealed class AsyncSnapshotStore(PostgresServer server) : SubscriptionStore(server)
{
    private EventStore? _bare;

    public EventStore Bare => _bare ??= CreateBareStore(static options => options.Events.AllowHardDelete = true);

    /// <summary>Checks that whoever asks for the account of a stream gets what its events lead to.</summary>
    public async Task ShouldAgreeAsync(EventStore store, Guid id)
    {
        await using var bare = Bare.OpenQuerySession();
        var folded = await bare.Events.AggregateStreamAsync<Account>(id, cancellationToken: TestContext.Current.CancellationToken);
        await using var session = store.OpenSession();
        (await session.Events.FetchLatestAsync<Account>(id, TestContext.Current.CancellationToken)).ShouldBe(folded);
        (await session.LoadAsync<Account>(id, TestContext.Current.CancellationToken)).ShouldBe(folded);
        var stream = await session.Events.FetchForWritingAsync<Account>(id, cancellationToken: TestContext.Current.CancellationToken);
        stream.Aggregate.ShouldBe(folded);
    }

    /// <summary>The owner that the row of an account says; <see langword="null"/> if there is none.</summary>
    public async Task<string?> RowAsync(Guid id) =>
        (string?)await ExecuteAsync($"select data ->> 'owner' from {{schema}}.doc_account where id = '{id}'");

    protected override void Configure(EventStoreOptions options)
    {
        options.Events.AllowHardDelete = true;
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Async);
    }
}
