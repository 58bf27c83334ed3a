using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Documents;

/// <summary>Documents that are changed only if they are as they were.</summary>
public sealed class ExpectedDocumentTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Customer Ada => new() { Id = _id, Name = "Ada" };

    [Fact]
    public async Task A_document_that_is_at_the_expected_version_is_updated_and_deleted()
    {
        await SaveAsync(session => session.Store(Ada));
        await SaveAsync(session => session.Update(Ada with { City = "Rome" }, 1));
        (await LoadAsync())!.Value.City.ShouldBe("Rome");
        (await LoadAsync())!.Version.Version.ShouldBe(2);

        var loaded = await LoadAsync();
        await SaveAsync(session => session.Update(Ada with { City = "Oslo" }, loaded!.Version));
        loaded = await LoadAsync();
        (loaded!.Value.City, loaded.Version.Version).ShouldBe(("Oslo", 3));

        await SaveAsync(session => session.Delete<Customer>(_id, loaded.Version));
        (await LoadAsync()).ShouldBeNull();

        await SaveAsync(session => session.Insert(Ada));
        await SaveAsync(session => session.Delete<Customer>(_id, 1));
        (await LoadAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_that_somebody_else_changed_is_neither_updated_nor_deleted_and_nothing_of_the_unit_is_written(bool deletes)
    {
        await SaveAsync(session => session.Store(Ada));
        var stale = (await LoadAsync())!.Version;
        await SaveAsync(session => session.Store(Ada with { City = "Rome" }));
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        session.Store(new Branch($"b-{_id}", "street"));
        if (deletes)
            session.Delete<Customer>(_id, stale);
        else
            session.Update(Ada with { City = "Oslo" }, stale);

        var conflict = await Should.ThrowAsync<DocumentConflictException>(() => session.SaveChangesAsync(Token));

        (conflict.DocumentType, conflict.Id, conflict.Expected, conflict.Actual).ShouldBe((typeof(Customer), _id, 1, 2));
        conflict.Message.ShouldBe($"The Customer '{_id}' is at version 2; 1 was expected.");
        (await LoadAsync())!.Value.City.ShouldBe("Rome");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
        (await session.LoadAsync<Branch>($"b-{_id}", Token)).ShouldBeNull();

        // The session can be used again.
        session.EjectAllPendingChanges();
        session.Update(Ada with { City = "Oslo" }, 2);
        await session.SaveChangesAsync(Token);
        (await LoadAsync())!.Value.City.ShouldBe("Oslo");
    }

    [Fact]
    public async Task A_document_that_is_not_there_has_version_0()
    {
        var conflict = await RefuseAsync(session => session.Update(Ada, 1));
        (conflict.Id, conflict.Expected, conflict.Actual).ShouldBe((_id, 1, 0));
        conflict.Message.ShouldBe($"The Customer '{_id}' does not exist; version 1 was expected.");
        (await RefuseAsync(session => session.Delete<Customer>(_id, 7))).Actual.ShouldBe(0);
    }

    [Fact]
    public async Task A_document_that_was_deleted_and_stored_anew_is_another_one_even_at_the_same_version()
    {
        await SaveAsync(session => session.Store(Ada));
        var former = (await LoadAsync())!.Version;
        await SaveAsync(session => session.Delete<Customer>(_id));
        await SaveAsync(session => session.Store(Ada));

        foreach (var refused in (Action<IDocumentSession>[])
            [session => session.Update(Ada, former), session => session.Delete<Customer>(_id, former)])
        {
            var conflict = await RefuseAsync(refused);
            (conflict.Expected, conflict.Actual).ShouldBe((1, 1));
            conflict.Message.ShouldContain("deleted and stored anew");
        }

        // A version alone does not tell.
        await SaveAsync(session => session.Update(Ada, former.Version));
    }

    [Fact]
    public async Task What_no_document_can_be_is_a_conflict()
    {
        await SaveAsync(session => session.Store(Ada));
        var version = (await LoadAsync())!.Version;
        foreach (var life in (long[])[long.MinValue, -1, 0, long.MaxValue])
            (await RefuseAsync(session => session.Update(Ada, version with { Life = life }))).Actual.ShouldBe(1);

        (await RefuseAsync(session => session.Update(Ada, version with { Rewrites = 1 }))).Actual.ShouldBe(1);
        (await RefuseAsync(session => session.Update(Ada, long.MaxValue))).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task A_document_of_a_fake_clock_begins_when_that_says()
    {
        await using var store = bank.CreateStore(
            static options => options.TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch));
        await using var session = store.OpenSession();
        session.Store(Ada);
        await session.SaveChangesAsync(Token);
        var version = (await session.LoadVersionedAsync<Customer>(_id, Token))!.Version;
        version.ShouldBe(new StoredVersion(1, 0, 0));

        session.Update(Ada, version with { Life = 1 });
        await Should.ThrowAsync<DocumentConflictException>(() => session.SaveChangesAsync(Token));
        session.EjectAllPendingChanges();
        session.Update(Ada, version);
        await session.SaveChangesAsync(Token);
    }

    [Fact]
    public async Task Versions_below_1_and_types_that_are_not_written_are_refused_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentOutOfRangeException>(() => session.Update(Ada, 0)).ParamName.ShouldBe("expectedVersion");
        Should.Throw<ArgumentOutOfRangeException>(() => session.Update(Ada, default(StoredVersion))).ParamName.ShouldBe("expected");
        Should.Throw<ArgumentOutOfRangeException>(() => session.Delete<Customer>(_id, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => session.Delete<Customer>(_id, default(StoredVersion)));
        Should.Throw<ArgumentNullException>(() => session.Update((Customer)null!, 1));
        Should.Throw<ArgumentException>(() => session.Delete<Account>(_id, 1)).Message.ShouldContain("append events");
#pragma warning disable FES0051 // What the compiler is told, the store says too.
        Should.Throw<ArgumentException>(() => session.Update(new NoteTaken("a"), 1));
#pragma warning restore FES0051
        (await session.SaveChangesAsync(Token)).ShouldBe(Commit.WithoutEvents);
    }

    [Fact]
    public async Task Of_several_changes_the_last_one_counts_and_the_first_expectation_holds()
    {
        await SaveAsync(session => session.Store(Ada));
        await SaveAsync(session =>
        {
            session.Update(Ada with { City = "Rome" }, 1);
            session.Update(Ada with { City = "Oslo" }, 2);
        });
        (await LoadAsync())!.Value.City.ShouldBe("Oslo");

        await SaveAsync(session =>
        {
            session.Delete<Customer>(_id, 2);
            session.Store(Ada with { City = "Kyiv" });
        });
        var loaded = (await LoadAsync())!;
        (loaded.Value.City, loaded.Version.Version).ShouldBe(("Kyiv", 3));

        (await RefuseAsync(session =>
        {
            session.Store(Ada with { City = "Lima" });
            session.Update(Ada with { City = "Bern" }, 2);
            session.Delete<Customer>(_id, 3);
        })).Expected.ShouldBe(2);
        (await RefuseAsync(session =>
        {
            session.Update(Ada, 2);
            session.Delete<Customer>(_id);
            session.Insert(Ada);
        })).Expected.ShouldBe(2);
        (await LoadAsync())!.Value.City.ShouldBe("Kyiv");
    }

    [Fact]
    public async Task A_document_that_the_unit_inserts_must_not_exist_whatever_version_it_is_updated_at()
    {
        await SaveAsync(session =>
        {
            session.Insert(Ada);
            session.Update(Ada with { City = "Rome" }, 5);
        });
        (await LoadAsync())!.Value.City.ShouldBe("Rome");

        await using var session = bank.Store.OpenSession();
        session.Insert(Ada);
        session.Update(Ada, 1);
        await Should.ThrowAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync(Token));
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, false)]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, true)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, false)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, true)]
    public async Task A_unit_whose_outcome_is_unknown_is_written_once_when_it_is_saved_again(TcpProxy.Break when, bool withEvent)
    {
        await SaveAsync(session => session.Store(Ada));
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Update(Ada with { City = "Rome" }, 1);
        if (withEvent)
            session.Events.Append(_id, new CourseOffered("a", 1));
        proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));

        var commit = await session.SaveChangesAsync(Token);

        commit.Streams.Count.ShouldBe(withEvent ? 1 : 0);
        (await LoadAsync())!.Version.Version.ShouldBe(2);
        (await bank.FetchAsync(_id)).Count.ShouldBe(withEvent ? 1 : 0);
    }

    [Fact]
    public async Task What_is_added_after_an_unknown_outcome_makes_another_unit_which_meets_the_former()
    {
        await SaveAsync(session => session.Store(Ada));
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Update(Ada with { City = "Rome" }, 1);
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));

        session.Store(new Branch($"b-{_id}", "street"));
        (await Should.ThrowAsync<DocumentConflictException>(() => session.SaveChangesAsync(Token))).Actual.ShouldBe(2);
        (await session.LoadAsync<Branch>($"b-{_id}", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_unit_that_waits_for_a_document_sees_what_the_other_made_of_it()
    {
        await SaveAsync(session => session.Store(Ada));
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var first = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        first.Update(Ada with { City = "Rome" }, 1);
        await first.SaveChangesAsync(Token);

        var second = RefuseAsync(session => session.Update(Ada with { City = "Oslo" }, 1));
        await Eventually.BecomesTrueAsync(
            async () => await bank.ExecuteAsync(
                $"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%{bank.Schema}%doc_customer%'")
                is > 0L,
            "the second unit waits");
        await transaction.CommitAsync(Token);

        (await second).Actual.ShouldBe(2);
        (await LoadAsync())!.Value.City.ShouldBe("Rome");
    }

    [Fact]
    public async Task Sessions_that_count_with_expectations_lose_no_count_and_do_not_deadlock()
    {
        int[] ids = [.. Enumerable.Range(Random.Shared.Next(int.MaxValue - 10), 3)];
        await SaveAsync(session => session.Store(ids.Select(static id => new Counter { Id = id })));
        var conflicts = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var count = 0; count < 10;)
            {
                await using var session = bank.Store.OpenSession();
                foreach (var id in ids.OrderBy(_ => random.Next()).Take(2))
                {
                    var loaded = (await session.LoadVersionedAsync<Counter>(id, Token))!;
                    var next = new Counter { Id = id, Value = loaded.Value.Value + 1 };
                    if (random.Next(2) == 0)
                        session.Update(next, loaded.Version);
                    else
                        session.Update(next, loaded.Version.Version);
                }

                try
                {
                    await session.SaveChangesAsync(Token);
                    count++;
                }
                catch (DocumentConflictException)
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        })));

        await using var reader = bank.Store.OpenQuerySession();
        (await reader.LoadManyAsync<Counter>(ids, Token)).Sum(static counter => counter.Value).ShouldBe(160);
        TestContext.Current.TestOutputHelper?.WriteLine($"{conflicts} conflicts");
    }

    [Fact]
    public async Task A_unit_with_expectations_takes_one_round_trip()
    {
        await SaveAsync(session => session.Store(Ada));
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString).Events.Notifications = false);
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Update(Ada with { City = "Rome" }, 1);
        session.Insert(new Customer { Id = Guid.NewGuid(), Name = "Bob" });
        session.Delete<Branch>("none");
        var before = proxy.RoundTrips;

        await session.SaveChangesAsync(Token);

        (proxy.RoundTrips - before).ShouldBe(1);
    }

    private async Task<Versioned<Customer>?> LoadAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadVersionedAsync<Customer>(_id, Token);
    }

    private async Task<DocumentConflictException> RefuseAsync(Action<IDocumentSession> collect) =>
        await Should.ThrowAsync<DocumentConflictException>(() => SaveAsync(collect));

    private async Task SaveAsync(Action<IDocumentSession> collect)
    {
        await using var session = bank.Store.OpenSession();
        collect(session);
        await session.SaveChangesAsync(Token);
    }
}
