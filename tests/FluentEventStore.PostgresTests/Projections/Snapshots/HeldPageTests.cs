using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;
using Npgsql;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>
/// A page of a daemon is caught while it writes a snapshot, and the stream is changed meanwhile: by a store that keeps no snapshots.
/// </summary>
public sealed class HeldPageTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SubscriptionStore _bank = new(server);
    private readonly StreamId _stream = $"held-{Guid.NewGuid():N}";
    private readonly StreamId _other = $"other-{Guid.NewGuid():N}";
    private MemoryStream? _archived;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Changes =>
        new MatrixTheoryData<string, int>(["archive", "delete", "tombstone", "truncate", "link", "mask", "scrub", "import"], [1, 2]);

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task No_row_is_left_behind_of_a_stream_that_changes_while_a_page_is_written(string change, int version)
    {
        var keeps = (Action<EventStoreOptions>)(options => options.Projections.Snapshot<Notebook>(
            ProjectionLifecycle.Async, projection => projection.Version(version)));
        await _bank.ApplyAsync(keeps);
        await _bank.AppendAsync(_stream, new NoteTaken("a"), new NoteTaken("b"), new NoteTaken("c"));
        await _bank.AppendAsync(_other, new NoteTaken("d"));
        if (change == "import")
            await ArchiveElsewhereAsync();

        await using var keeper = _bank.CreateStore(keeps);
        await using var bare = _bank.CreateBareStore(options =>
        {
            options.Privacy.Mask<NoteTaken>(static note => note with { Text = "*" });
            options.Events.Retention.ForStream(_stream, keepLast: 1);
        });

        await using var blocking = new NpgsqlConnection(_bank.ConnectionString);
        await blocking.OpenAsync(Cancelled);
        await using var transaction = await blocking.BeginTransactionAsync(Cancelled);
        await using var insert = new NpgsqlCommand(
            $"insert into {_bank.Schema}.doc_notebook_v{version} (tenant, id, data, version, created_at, modified_at, type) "
                + $"values ('default', '{_stream}', '{{}}', 0, now(), now(), 'notebook')",
            blocking,
            transaction);
        await insert.ExecuteNonQueryAsync(Cancelled);

        await using var daemon = keeper.BuildDaemon();
        await daemon.StartAsync(Cancelled);
        await WaitUntilBlockedAsync(1, "the page waits for the row", Task.Delay(Timeout.Infinite, Cancelled));
        var changing = ChangeAsync(bare, change);
        await WaitUntilBlockedAsync(2, "the change waits for the page", changing);
        await transaction.RollbackAsync(Cancelled);
        await changing;
        await daemon.CatchUpAsync(Cancelled);

        (await _bank.ExecuteAsync($$"""
            select count(*)
            from {schema}.doc_notebook_v{{version}} d
            left join {schema}.streams s on s.key = d.stream
            where (s.state = 0 and not s.linked and s.rewritten = d.rewritten) is not true
            """)).ShouldBe(0L);
    }

    private async Task ChangeAsync(EventStore store, string change)
    {
        await using var session = store.OpenSession();
        switch (change)
        {
            case "archive":
                session.Events.ArchiveStream(_stream);
                break;
            case "delete":
                session.Events.DeleteStream(_stream);
                break;
            case "tombstone":
                session.Events.TombstoneStream(_stream);
                break;
            case "truncate":
                session.Events.TruncateStream(_stream, 2);
                break;
            case "link":
                session.Events.LinkTo(_stream, await _bank.FetchAsync(_other));
                break;
            case "mask":
                await store.Privacy.MaskAsync(_stream, cancellationToken: Cancelled);
                break;
            case "scrub":
                await store.ScrubAsync(Cancelled);
                break;
            case "import":
                _archived!.Position = 0;
                await store.Transfer.ImportAsync(_archived, Cancelled);
                break;
        }

        await session.SaveChangesAsync(Cancelled);
    }

    private async Task ArchiveElsewhereAsync()
    {
        var other = new SubscriptionStore(server);
        await other.InitializeAsync();
        await using (other)
        {
            var file = new MemoryStream();
            await _bank.Store.Transfer.ExportAsync(file, Cancelled);
            file.Position = 0;
            await other.Store.Transfer.ImportAsync(file, Cancelled);
            await using var session = other.Store.OpenSession();
            session.Events.ArchiveStream(_stream);
            await session.SaveChangesAsync(Cancelled);
            _archived = new MemoryStream();
            await other.Store.Transfer.ExportAsync(_archived, Cancelled);
        }
    }

    // Whether it waits or is done, it has seen the database as it is now.
    private async Task WaitUntilBlockedAsync(int count, string what, Task done) => await Eventually.BecomesTrueAsync(
        async () => done.IsCompleted || await _bank.ExecuteAsync(
            $"select count(*) >= {count} from pg_locks l join pg_stat_activity a using (pid) where not l.granted "
                + $"and a.query like '%{_bank.Schema}%'") is true,
        what);
}
