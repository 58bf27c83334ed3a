using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>
/// A store that keeps two snapshots over the same streams, may do anything to streams, and stands beside one in the same schema that keeps
/// none.
/// </summary>
public sealed class SnapshotRuleStore(PostgresServer server) : BankStore(server)
{
    private EventStore? _bare;

    /// <summary>A store that knows of no snapshot, as an older release or a tool.</summary>
    public EventStore Bare => _bare ??= CreateBareStore(static options =>
    {
        options.Events.AllowHardDelete = true;
        options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
    });

    public static async Task<Commit> SaveAsync(EventStore store, Action<IEventOperations> change)
    {
        await using var session = store.OpenSession();
        change(session.Events);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public Task<Commit> SaveAsync(Action<IEventOperations> change) => SaveAsync(Store, change);

    /// <summary>Checks that whoever asks for the aggregate of a stream gets what its events lead to.</summary>
    public async Task ShouldAgreeAsync<T>(StreamId streamId, DocumentId id)
        where T : class
    {
        await using var bare = Bare.OpenQuerySession();
        var folded = await bare.Events.AggregateStreamAsync<T>(streamId, cancellationToken: TestContext.Current.CancellationToken);

        await using var session = Store.OpenSession();
        (await session.Events.FetchLatestAsync<T>(streamId, TestContext.Current.CancellationToken)).ShouldBeEquivalentTo(folded);
        (await session.LoadAsync<T>(id, TestContext.Current.CancellationToken)).ShouldBeEquivalentTo(folded);
        var stream = await session.Events.FetchForWritingAsync<T>(streamId, cancellationToken: TestContext.Current.CancellationToken);
        stream.Aggregate.ShouldBeEquivalentTo(folded);
        stream.Version.ShouldBe((await bare.Events.FetchStreamStateAsync(streamId, TestContext.Current.CancellationToken))?.Version ?? 0);
    }

    /// <summary>The version of the row of a notebook; <see langword="null"/> if there is none.</summary>
    public async Task<long?> RowAsync(StreamId streamId) =>
        (long?)await ExecuteAsync($"select version from {{schema}}.doc_notebook where id = '{streamId}'");

    protected override void Configure(EventStoreOptions options)
    {
        options.Events.AllowHardDelete = true;
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Notebook>(ProjectionLifecycle.Inline);
        options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
    }
}
