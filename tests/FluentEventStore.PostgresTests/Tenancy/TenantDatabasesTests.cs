using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Tenancy;

public sealed class TenantDatabasesTests(TenantServer server) : IClassFixture<TenantServer>, IAsyncLifetime
{
    private readonly EventStore _store = TenantServer.CreateStore(TenantDatabases.Static(server.Two));
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.Schema.ApplyAsync(Cancellation);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Each_tenant_is_in_its_own_database()
    {
        await AppendAsync("a", new NoteTaken("of a"));
        await AppendAsync("b", new NoteTaken("of b"), new NoteTaken("of b"));

        (await CountAsync("a")).ShouldBe(1L);
        (await CountAsync("b")).ShouldBe(2L);
        (await FetchAsync("a")).ShouldHaveSingleItem().TenantId.Value.ShouldBe("a");
        await using var elsewhere = _store.OpenQuerySession("a");
        (await elsewhere.Events.ReadAllAsync(new EventFilter().OfAnyTenant(), Cancellation)
            .AllAsync(static e => e.TenantId == "a", Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_tenant_without_a_database_is_reported_whatever_is_done_first_and_the_session_keeps_its_content()
    {
        foreach (TenantId tenant in (TenantId[])["nobody", TenantId.Default])
        {
            await using var session = _store.OpenSession(tenant);
            session.Events.Append(_id, new NoteTaken("lost?"));
            await using var query = _store.OpenQuerySession(tenant);
            Func<Task>[] calls =
            [
                () => session.SaveChangesAsync(Cancellation),
                () => session.LoadAsync<Customer>(Guid.NewGuid(), Cancellation),
                () => query.Events.FetchStreamAsync(_id, cancellationToken: Cancellation),
                () => query.Events.FetchLatestAsync<Account>(_id, Cancellation),
                async () => await query.Events.ReadAllAsync(cancellationToken: Cancellation).CountAsync(Cancellation),
                () => _store.Privacy.ForgetAsync("x", tenant, Cancellation),
                () => _store.DatabaseOf(tenant).Schema.ApplyAsync(Cancellation),
                () => _store.DatabaseOf(tenant).Schema.AssertAsync(Cancellation),
                () => _store.DatabaseOf(tenant).ScrubAsync(cancellationToken: Cancellation),
                () => _store.DatabaseOf(tenant).Log.StatusAsync(Cancellation),
                async () => await _store.DatabaseOf(tenant).Log.FollowAsync(cancellationToken: Cancellation).FirstAsync(Cancellation),
                () => _store.DatabaseOf(tenant).Transfer.ExportAsync(new MemoryStream(), cancellationToken: Cancellation),
                () => session.SaveChangesAsync(Cancellation),
            ];
            foreach (var call in calls)
                (await Should.ThrowAsync<UnknownTenantException>(call)).TenantId.ShouldBe(tenant);
        }
    }

    [Fact]
    public async Task The_database_of_a_tenant_takes_no_events_of_another()
    {
        var transfer = _store.DatabaseOf("a").Transfer;
        await AppendAsync("b", new NoteTaken("of b"));
        using var file = new MemoryStream();
        await _store.DatabaseOf("b").Transfer.ExportAsync(file, cancellationToken: Cancellation);
        file.Position = 0;

        var other = await Should.ThrowAsync<ImportException>(() => transfer.ImportAsync(file, cancellationToken: Cancellation));
        other.Fault.ShouldBe(ImportFault.OtherTenant);
        (await Should.ThrowAsync<ImportException>(() => transfer.ImportAsync(OfAsync("b"), cancellationToken: Cancellation))).Fault
            .ShouldBe(ImportFault.OtherTenant);

        var options = new ImportOptions { TenantId = "b" };
        file.Position = 0;
        await Should.ThrowAsync<ArgumentException>(() => transfer.ImportAsync(file, options, cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => transfer.ImportAsync(OfAsync("b"), options, cancellationToken: Cancellation));

        (await CountAsync("a")).ShouldBe(0L);
        (await transfer.ImportAsync(OfAsync("a"), new ImportOptions { TenantId = "a" }, cancellationToken: Cancellation)).Imported.ShouldBe(
            1);

        async IAsyncEnumerable<ImportedEvent> OfAsync(TenantId tenant)
        {
            await Task.Yield();
            yield return new ImportedEvent(_id, 1, new NoteTaken("imported")) { TenantId = tenant, Timestamp = DateTimeOffset.UnixEpoch };
        }
    }

    [Fact]
    public async Task The_database_of_a_tenant_exports_the_events_of_that_tenant()
    {
        await AppendAsync("a", new NoteTaken("of a"));
        var transfer = _store.DatabaseOf("a").Transfer;

        foreach (var options in new ExportOptions[]
        {
            new() { StreamId = $"{_id}" },
            new() { StreamPrefix = $"{_id}" },
            new() { StreamId = $"{_id}", TenantId = "a" }
        })
            (await transfer.ExportAsync(new MemoryStream(), options, Cancellation)).Events.ShouldBe(1);

        var other = await Should.ThrowAsync<ArgumentException>(
            () => transfer.ExportAsync(new MemoryStream(), new ExportOptions { TenantId = "b" }, Cancellation));
        other.Message.ShouldContain("'b'");
    }

    [Fact]
    public async Task What_concerns_a_whole_database_asks_for_a_tenant()
    {
        Should.Throw<InvalidOperationException>(() => _store.Log).Message.ShouldContain("DatabaseOf");
        Should.Throw<InvalidOperationException>(() => _store.Transfer);
        Should.Throw<InvalidOperationException>(() => { _ = _store.ScrubAsync(cancellationToken: Cancellation); });
        Should.Throw<InvalidOperationException>(() => { _ = _store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation); });
        Should.Throw<InvalidOperationException>(() => { _ = _store.DeleteSnapshotsAsync<Account>(Cancellation); });

        await AppendAsync("a", new NoteTaken("a"));
        (await _store.DatabaseOf("a").Log.FetchStatisticsAsync(Cancellation)).EventCount.ShouldBeGreaterThan(0);
        await using var bank = EventStore.For(options => options.Connection(server.Two["a"]));
        (await bank.DatabaseOf("whoever").Log.FetchStatisticsAsync(Cancellation)).EventCount.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Snapshots_are_filled_and_deleted_in_the_database_of_their_tenant_only()
    {
        var databases = new Dictionary<TenantId, string>
        {
            ["x"] = await server.CreateDatabaseAsync(),
            ["y"] = await server.CreateDatabaseAsync()
        };
        var account = Guid.NewGuid();
        await using var plain = TenantServer.CreateStore(TenantDatabases.Static(databases));
        await using var store = TenantServer.CreateStore(TenantDatabases.Static(databases), static options =>
        {
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
            options.Projections.SnapshotLive<Notebook>(every: 1);
        });
        await store.Schema.ApplyAsync(Cancellation);
        foreach (var tenant in databases.Keys)
        {
            await using var session = plain.OpenSession(tenant);
            session.Events.StartStream<Account>(account, new AccountOpened(account, "Ada", "EUR"), new NoteTaken("a"));
            await session.SaveChangesAsync(Cancellation);
            await using var reader = store.OpenSession(tenant);
            (await reader.Events.AggregateStreamAsync<Notebook>(account, cancellationToken: Cancellation))!.Notes.ShouldBe(["a"]);
        }

        (await store.DatabaseOf("x").FillSnapshotsAsync<Account>(cancellationToken: Cancellation)).ShouldBe(1);
        (await CountAsync("x", "doc_account"), await CountAsync("y", "doc_account")).ShouldBe((1L, 0L));
        (await store.DatabaseOf("y").DeleteSnapshotsAsync<Notebook>(Cancellation)).ShouldBe(1);
        (await CountAsync("x", "snapshots"), await CountAsync("y", "snapshots")).ShouldBe((1L, 0L));
        (await store.DatabaseOf("y").FillSnapshotsAsync<Account>(cancellationToken: Cancellation)).ShouldBe(1);
        (await CountAsync("y", "doc_account where tenant = 'y'")).ShouldBe(1L);

        async Task<long> CountAsync(TenantId tenantId, string table) =>
            (long)(await Database.AskAsync(databases[tenantId], $"select count(*) from event_store.{table}"))!;
    }

    [Fact]
    public async Task What_is_imported_into_the_database_of_a_tenant_belongs_to_that_tenant()
    {
        var refusal = await Should.ThrowAsync<ImportException>(() => _store.DatabaseOf("a").Transfer.ImportAsync(
            new[] { new ImportedEvent(_id, 1, new NoteTaken("of b")) { Timestamp = DateTimeOffset.UnixEpoch, TenantId = "b" } }
                .ToAsyncEnumerable(), cancellationToken: Cancellation));

        (refusal.Fault, refusal.TenantId).ShouldBe((ImportFault.OtherTenant, (TenantId)"b"));
        (await FetchAsync("a")).ShouldBeEmpty();
        (await FetchAsync("b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task First_uses_at_once_share_one_set_of_connections()
    {
        var counted = new CountedTenants(server.Two);
        await using var store = TenantServer.CreateStore(counted);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(
            async () =>
            {
                await using var session = store.OpenSession(number % 2 == 0 ? "a" : "b");
                session.Events.Append(_id, new NoteTaken($"{number}"));
                await session.SaveChangesAsync(Cancellation);
            },
            Cancellation)));

        counted.Finds.ShouldBe(2);
        (await FetchAsync("a")).Count.ShouldBe(10);
        (await FetchAsync("b")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_subject_is_forgotten_only_in_the_database_of_its_tenant()
    {
        var ada = new PersonRegistered(Guid.NewGuid(), "Ada", "ada@example.org", null, default, null);
        await AppendAsync("a", ada);
        await AppendAsync("b", ada);

        (await _store.Privacy.ForgetAsync(ada.PersonId, "a", Cancellation)).ShouldBe(
            new ForgetReport(ForgetOutcome.Forgotten, ada.PersonId, "a"));

        (await FetchAsync("a")).ShouldHaveSingleItem().Data.ShouldBe(ada with { Name = "", Email = "(forgotten)" });
        (await FetchAsync("b")).ShouldHaveSingleItem().Data.ShouldBe(ada);
    }

    [Fact]
    public async Task The_schema_of_the_store_is_that_of_all_tenants_and_tells_whose_is_behind()
    {
        var databases = new Dictionary<TenantId, string>
        {
            ["x"] = await server.CreateDatabaseAsync(),
            ["y"] = await server.CreateDatabaseAsync()
        };
        await using var store = TenantServer.CreateStore(TenantDatabases.Static(databases));
        (await store.DatabaseOf("x").Schema.ApplyAsync(Cancellation)).Applied.ShouldNotBeEmpty();

        var mismatch = await Should.ThrowAsync<SchemaMismatchException>(() => store.Schema.AssertAsync(Cancellation));
        mismatch.TenantId.ShouldBe("y");
        mismatch.Sql.ShouldNotBeEmpty();

        var report = await store.Schema.ApplyAsync(Cancellation);
        report.Applied.ShouldStartWith("-- Tenant y\n");
        report.Applied.ShouldNotContain("-- Tenant x");
        (await store.Schema.AssertAsync(Cancellation)).Drift.ShouldBeEmpty();
        (await store.Schema.ApplyAsync(Cancellation)).Applied.ShouldBeEmpty();

        var script = new StringWriter();
        await store.Schema.ScriptAsync(script, Cancellation);
        var ofOne = new StringWriter();
        await store.DatabaseOf("y").Schema.ScriptAsync(ofOne, Cancellation);
        script.ToString().ShouldBe(ofOne.ToString());
    }

    [Fact]
    public async Task A_database_without_the_schema_is_reported_with_its_tenant()
    {
        var empty = new Dictionary<TenantId, string> { ["empty"] = await server.CreateDatabaseAsync() };
        await using var store = TenantServer.CreateStore(TenantDatabases.Static(empty));
        await using var session = store.OpenSession("empty");
        session.Events.Append(_id, new NoteTaken("a"));

        (await Should.ThrowAsync<SchemaMismatchException>(() => session.SaveChangesAsync(Cancellation))).TenantId.ShouldBe("empty");
        await store.DatabaseOf("empty").Schema.ApplyAsync(Cancellation);
        (await session.SaveChangesAsync(Cancellation)).Streams[_id].Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_disposed_store_connects_to_no_tenant_and_ends_its_followers()
    {
        await AppendAsync("a", new NoteTaken("a"));
        var store = TenantServer.CreateStore(TenantDatabases.Static(server.Two));
        await using var session = store.OpenSession("a");
        (await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation)).Count.ShouldBe(1);
        await using var follower = store.DatabaseOf("a").Log.FollowAsync(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await follower.MoveNextAsync();
        await store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () =>
        {
            while (await follower.MoveNextAsync())
            {
            }
        });
        await Should.ThrowAsync<ObjectDisposedException>(() => session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation));
        await Should.ThrowAsync<ObjectDisposedException>(
            () => store.OpenQuerySession("b").LoadAsync<Customer>(Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public void Wrong_connection_strings_and_names_are_refused_at_the_call()
    {
        Should.Throw<ArgumentException>(() => TenantDatabases.Static(new Dictionary<TenantId, string> { ["acme"] = "Hosst=x" })).Message
            .ShouldContain("'acme'");
        Should.Throw<ArgumentException>(() => TenantDatabases.Static(new Dictionary<TenantId, string> { ["acme"] = " " })).Message
            .ShouldContain("'acme'");
        foreach (var name in (string[])["", "Tenants", "a.b.c", "tenants; drop table x", "a."])
            Should.Throw<ArgumentException>(() => TenantDatabases.FromTable(server.ConnectionString, name));
        Should.Throw<ArgumentException>(() => TenantDatabases.FromTable("Hosst=x", "tenants"));
    }

    private async Task AppendAsync(TenantId tenantId, params object[] events)
    {
        await using var session = _store.OpenSession(tenantId);
        session.Events.Append(_id, events);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(TenantId tenantId)
    {
        await using var session = _store.OpenQuerySession(tenantId);
        return await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation);
    }

    private async Task<object?> CountAsync(TenantId tenantId) => await Database.AskAsync(
        server.Two[tenantId],
        $"select count(*) from event_store.events e join event_store.streams s on s.key = e.stream where s.id = '{_id}'");

    /// <summary>Counts how often it is asked.</summary>
    private sealed class CountedTenants(IReadOnlyDictionary<TenantId, string> databases) : ITenantDatabases
    {
        private int _finds;

        public int Finds => _finds;

        public async ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _finds);
            await Task.Yield();
            return databases[tenantId];
        }

        public ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken) => new([.. databases.Keys]);
    }
}
