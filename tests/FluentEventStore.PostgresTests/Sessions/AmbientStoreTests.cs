using System.Collections.Concurrent;
using System.Transactions;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>
/// What is done to a whole store inside an ambient transaction stays done, whatever becomes of that. So it is with a data source of the
/// application and with one of the store's own.
/// </summary>
public sealed class AmbientStoreTests(SnapshotStore bank, PostgresServer server) : IClassFixture<SnapshotStore>, IAsyncLifetime
{
    // It enlists its connections, which is the driver's default.
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(bank.ConnectionString);
    private readonly Guid _id = Guid.NewGuid();
    private EventStore _own = null!;
    private EventStore _given = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _own = bank.CreateOwnerStore(options =>
        {
            options.Connection(bank.ConnectionString + ";Enlist=true");
            options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
        });
        _given = bank.CreateOwnerStore(options =>
        {
            options.DataSource(_dataSource);
            options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _given.DisposeAsync();
        await _dataSource.DisposeAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_schema_is_applied(bool isGiven)
    {
        var schema = server.CreateSchemaName();
        await using (var store = Create())
            await InRolledBackAsync(async () => (await store.Schema.ApplyAsync(Token)).Applied.ShouldNotBeEmpty());

        await using var other = Create();
        (await other.Schema.AssertAsync(Token)).Drift.ShouldBeEmpty();
        await server.DropSchemaAsync(schema);

        EventStore Create() => EventStore.For(options =>
        {
            options.Schema = schema;
            if (isGiven)
                options.DataSource(_dataSource);
            else
                options.Connection(bank.ConnectionString + ";Enlist=true");
        });
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Another_lock_tag_is_drawn(bool isGiven)
    {
        const string Tag = "select lock_tag from {schema}.store";
        var before = await bank.ExecuteAsync(Tag);

        await InRolledBackAsync(() => Store(isGiven).Schema.RenewLockTagAsync(Token));

        (await bank.ExecuteAsync(Tag)).ShouldNotBe(before);
        (await Store(!isGiven).Schema.AssertAsync(Token)).Drift.ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Views_of_events_are_created(bool isGiven)
    {
        var views = server.CreateSchemaName();

        await InRolledBackAsync(() => Store(isGiven).Schema.CreateEventViewsAsync(views, Token));

        (await bank.ExecuteAsync($"select to_regclass('{views}.event_note_taken') is not null")).ShouldBe(true);
        await server.DropSchemaAsync(views);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Events_are_imported(bool isGiven)
    {
        ImportedEvent[] events = [.. Enumerable.Range(1, 4).Select(
            version => new ImportedEvent(_id, version, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch })];

        await InRolledBackAsync(async () =>
            (await Store(isGiven).Transfer.ImportAsync(
                events.ToAsyncEnumerable(), new ImportOptions { ChunkSize = 3 }, cancellationToken: Token)).Imported
                .ShouldBe(4));

        (await bank.FetchAsync(_id)).Count.ShouldBe(4);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_was_saved_in_the_transaction_is_exported(bool isGiven)
    {
        using var file = new MemoryStream();
        await InRolledBackAsync(async () =>
        {
            await SaveAsync(Store(isGiven), session => session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b")));
            (await Store(isGiven).Transfer.ExportAsync(file, new ExportOptions { StreamId = _id }, Token)).Events.ShouldBe(2);
        });

        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Events_are_masked(bool isGiven)
    {
        await bank.AppendAsync(_id, new NoteTaken("a"));

        await InRolledBackAsync(async () => (await Store(isGiven).Privacy.MaskAsync(_id, cancellationToken: Token)).Masked.ShouldBe(1));

        (await bank.FetchAsync(_id)).Single().Data.ShouldBe(new NoteTaken("***"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_subject_is_forgotten(bool isGiven)
    {
        await bank.AppendAsync($"person-{_id}", new PersonRegistered(_id, "Ada", "ada@example.org", null, default, null));

        await InRolledBackAsync(async () =>
            (await Store(isGiven).Privacy.ForgetAsync(_id, cancellationToken: Token)).Outcome.ShouldBe(ForgetOutcome.Forgotten));

        await using var other = bank.CreateStore();
        await using var session = other.OpenQuerySession();
        ((PersonRegistered)(await session.Events.FetchStreamAsync($"person-{_id}", cancellationToken: Token)).Single().Data).Name
            .ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Truncated_events_are_scrubbed(bool isGiven)
    {
        await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"), new NoteTaken("c"));
        await SaveAsync(bank.Store, session => session.Events.TruncateStream(_id, 3));

        await InRolledBackAsync(() => Store(isGiven).ScrubAsync(cancellationToken: Token));

        (await bank.ExecuteAsync(
            $"select count(*) from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.id = '{_id}'"))
            .ShouldBe(1L);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Snapshots_are_filled(bool isGiven)
    {
        await using (var without = bank.CreateStoreWithoutSnapshots())
            await SaveAsync(without, session => session.Events.StartStream<Account>(_id, new AccountOpened(_id, "Ada", "EUR")));

        await InRolledBackAsync(() => Store(isGiven).FillSnapshotsAsync<Account>(cancellationToken: Token));

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_account where id = '{_id}'")).ShouldBe(1L);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_decision_is_saved(bool isGiven)
    {
        await InRolledBackAsync(() => Store(isGiven).ExecuteAsync<Notebook>($"{_id}", static (_, _) => [new NoteTaken("a")], Token));

        (await bank.FetchAsync($"{_id}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_and_databases_of_the_application_are_asked_for_outside_the_ambient_transaction()
    {
        var asked = new Asked(bank.ConnectionString);
        await using var store = Create();

        // Has no key at hand.
        await using var other = Create();

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Transaction.Current.ShouldNotBeNull();
            await SaveAsync(
                store,
                session => session.Events.Append($"keys-{_id}", new PersonRegistered(_id, "Ada", "ada@example.org", null, default, null)));
            (await store.Privacy.ForgetAsync(_id, cancellationToken: Token)).Outcome.ShouldBe(ForgetOutcome.Forgotten);
            await using var session = other.OpenQuerySession();
            await session.Events.FetchStreamAsync($"keys-{_id}", cancellationToken: Token);
            await store.Schema.AssertAsync(Token);
        }

        asked.Seen.Select(static seen => seen.What)
            .Distinct()
            .Order()
            .ShouldBe(["create", "find", "find a tenant", "forget", "list tenants"]);
        asked.Seen.ShouldAllBe(static seen => !seen.IsInTransaction);

        EventStore Create() => EventStore.For(options =>
        {
            options.TenantDatabases(asked);
            options.Schema = bank.Schema;
            options.Privacy.SubjectKeys = asked;
        });
    }

    private EventStore Store(bool isGiven) => isGiven ? _given : _own;

    /// <summary>Works inside a transaction in which something else is written too, and which is rolled back.</summary>
    private async Task InRolledBackAsync(Func<Task> work)
    {
        var table = $"{bank.Schema}.rolled_back_{Guid.NewGuid():N}";
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            // The driver gives the connection of a transaction to whoever opens the next one in it.
            await using (var connection = await _dataSource.OpenConnectionAsync(Token))
            await using (var create = new NpgsqlCommand($"create table {table} (one integer)", connection))
                await create.ExecuteNonQueryAsync(Token);

            await work();
        }

        (await bank.ExecuteAsync($"select to_regclass('{table}') is null")).ShouldBe(true);
    }

    private static async Task SaveAsync(EventStore store, Action<IDocumentSession> work)
    {
        await using var session = store.OpenSession();
        work(session);
        await session.SaveChangesAsync(Token);
    }

    /// <summary>Looks at the ambient transaction whenever it is asked for something.</summary>
    private sealed class Asked(string connectionString) : ISubjectKeys, ITenantDatabases
    {
        private readonly SubjectKey _key = new(new byte[SubjectKey.Length]);
        private bool _isForgotten;

        public ConcurrentQueue<(string What, bool IsInTransaction)> Seen { get; } = new();

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) => KeysAsync("find", subjects);

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            KeysAsync("create", subjects);

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
        {
            See("forget");
            _isForgotten = true;
            return Task.FromResult(ForgetOutcome.Forgotten);
        }

        public ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken)
        {
            See("find a tenant");
            return new ValueTask<string?>(connectionString);
        }

        public ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken)
        {
            See("list tenants");
            return new([TenantId.Default]);
        }

        private Task<IReadOnlyDictionary<SubjectId, SubjectKey>> KeysAsync(string what, IReadOnlyCollection<SubjectId> subjects)
        {
            See(what);
            return Task.FromResult<IReadOnlyDictionary<SubjectId, SubjectKey>>(
                subjects.ToDictionary(static subject => subject, _ => _isForgotten ? SubjectKey.Forgotten : _key));
        }

        private void See(string what) => Seen.Enqueue((what, Transaction.Current is not null));
    }
}
