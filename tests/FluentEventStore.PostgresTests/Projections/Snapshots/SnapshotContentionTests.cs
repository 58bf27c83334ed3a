using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.Store;
using Npgsql;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>Many write to one stream whose aggregates are kept as snapshots.</summary>
public sealed class SnapshotContentionTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(8, 20)]
    [InlineData(64, 4)]
    public async Task Appends_that_expect_nothing_all_succeed(int writers, int appends)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            for (var count = 0; count < appends; count++)
                await bank.AppendAsync(_id, new MoneyDeposited(_id, 1), new NoteTaken("a"));
        }));

        await ShouldHoldAsync(writers * appends);
    }

    [Theory]
    [InlineData(8, 20)]
    [InlineData(64, 4)]
    public async Task Decisions_all_succeed(int contenders, int decisions)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await Task.WhenAll(Enumerable.Range(0, contenders).Select(async _ =>
        {
            for (var count = 0; count < decisions; count++)
                await bank.Store.ExecuteAsync<Account>(
                    _id, (account, _) => [new MoneyDeposited(_id, 1), new NoteTaken($"{account!.Balance}")], Cancellation);
        }));

        await ShouldHoldAsync(contenders * decisions);
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Notebook>($"{_id}", Cancellation))!.Notes.ShouldBe(
            Enumerable.Range(0, contenders * decisions).Select(static balance => $"{balance}"));
    }

    [Fact]
    public async Task Writers_to_several_streams_of_several_stores_do_not_deadlock()
    {
        var other = Guid.NewGuid();
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await bank.AppendAsync(other, new AccountOpened(other, "Grace", "EUR"));
        await using var second = bank.CreateStore();
        await using var without = bank.CreateStoreWithoutSnapshots();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async number =>
        {
            EventStore[] stores = [bank.Store, second, without];
            await using var session = stores[number % 3].OpenSession();
            foreach (var id in number % 2 == 0 ? (Guid[])[_id, other] : [other, _id])
                session.Events.Append(id, new MoneyDeposited(id, 1), new NoteTaken("a"));
            await session.SaveChangesAsync(Cancellation);
        }));

        await using var reading = bank.Store.OpenQuerySession();
        (await reading.LoadManyAsync<Account>([_id, other], Cancellation)).ShouldAllBe(static account => account.Balance == 30);
    }

    [Fact]
    public async Task Snapshots_that_were_fetched_before_others_wrote_are_read_again_and_no_place_in_line_is_left_behind()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using var session = await FetchAndBeOvertakenAsync(bank.Store, _id);
        session.Store(new Customer { Id = _id, Name = "Ada" });
        session.Events.Append(_id, new MoneyDeposited(_id, 1), new NoteTaken("a"));
        var commit = await session.SaveChangesAsync(Cancellation);

        commit.Streams[_id].ShouldBe(new StreamCommit(4, 5));
        (await session.LoadAsync<Account>(_id, Cancellation))!.Balance.ShouldBe(11);
        (await session.LoadAsync<Customer>(_id, Cancellation)).ShouldNotBeNull();
        bank.Store.DatabaseOf(default).ShouldBeOfType<StoreDatabase>().Context.Writing.Lines.Writers.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_a_transaction_of_the_caller_snapshots_are_read_again_too_and_nothing_counts_before_the_commit(bool commits)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using var connection = new NpgsqlConnection(bank.StoreConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction }))
        {
            await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
            await bank.AppendAsync(_id, new MoneyDeposited(_id, 10), new NoteTaken("overtaking"));
            session.Events.Append(_id, new MoneyDeposited(_id, 1), new NoteTaken("a"));
            (await session.SaveChangesAsync(Cancellation)).Streams[_id].ShouldBe(new StreamCommit(4, 5));
            (await session.LoadAsync<Account>(_id, Cancellation))!.Balance.ShouldBe(11);

            // What the unit needed of settings is not left behind.
            await using var settings = new NpgsqlCommand(
                "select current_setting('enable_seqscan') || ' ' || current_setting('lock_timeout')", connection, transaction);
            (await settings.ExecuteScalarAsync(Cancellation)).ShouldBe("on 0");
        }

        await (commits ? transaction.CommitAsync(Cancellation) : transaction.RollbackAsync(Cancellation));
        await using var reading = bank.Store.OpenQuerySession();
        (await reading.LoadAsync<Account>(_id, Cancellation))!.Balance.ShouldBe(commits ? 11 : 10);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 100));
        (await reading.LoadAsync<Account>(_id, Cancellation))!.Balance.ShouldBe(commits ? 111 : 110);
    }

    [Fact]
    public async Task A_writer_that_expects_a_version_learns_of_the_conflict_at_once()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using var session = await FetchAndBeOvertakenAsync(bank.Store, _id);
        session.Events.Append(_id, ExpectedVersion.Exactly(1), new MoneyDeposited(_id, 1));
        (await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Cancellation))).Actual.ShouldBe(3);
    }

    [Fact]
    public async Task The_wait_for_a_locked_row_times_out_and_names_the_row_and_the_session_can_be_saved_again() =>
        await Eventually.HoldsAsync(
        async limit =>
        {
            var id = Guid.NewGuid();
            await using var store = bank.CreateStore(options => options.CommandTimeout = limit);
            await bank.AppendAsync(id, new AccountOpened(id, "Ada", "EUR"));
            await using var session = await FetchAndBeOvertakenAsync(store, id);
            await using var connection = new NpgsqlConnection(bank.ConnectionString);
            await connection.OpenAsync(Cancellation);
            await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
            {
                await using var holding = new NpgsqlCommand(
                    $"select 1 from {bank.Schema}.doc_account where id = '{id}' for update", connection, transaction);
                await holding.ExecuteNonQueryAsync(Cancellation);
                session.Events.Append(id, new MoneyDeposited(id, 1), new NoteTaken("a"));
                var watch = Stopwatch.StartNew();
                var conflict = await Should.ThrowAsync<SnapshotConflictException>(() => session.SaveChangesAsync(Cancellation));

                conflict.Documents.ShouldBe([(typeof(Account), (DocumentId)id), (typeof(Notebook), $"{id}")], ignoreOrder: true);
                conflict.Message.ShouldContain($"Account '{id}'");
                conflict.Waited.ShouldBeLessThanOrEqualTo(watch.Elapsed);

                // The stream is not held any more.
                await using var without = bank.CreateStoreWithoutSnapshots();
                await using var other = without.OpenSession();
                other.Events.Append(id, new MoneyDeposited(id, 100));
                await other.SaveChangesAsync(Cancellation);
            }

            (await session.SaveChangesAsync(Cancellation)).Streams[id].Version.ShouldBe(6);
            (await session.LoadAsync<Account>(id, Cancellation))!.Balance.ShouldBe(111);
        },
        2,
        8,
        30);

    [Fact]
    public async Task Keys_that_are_not_at_hand_are_fetched_even_if_the_pool_has_only_one_connection()
    {
        await using var store = bank.CreateBareStore(options =>
        {
            options.Connection($"{bank.ConnectionString};Maximum Pool Size=1;Timeout=60");
            options.Projections.Snapshot<Person>(ProjectionLifecycle.Inline);
        });
        await bank.AppendAsync(_id, new PersonRegistered(_id, "Ada", "ada@example.org", null, default, null));
        await using var session = store.OpenSession();
        await session.Events.FetchForWritingAsync<Person>(_id, cancellationToken: Cancellation);

        // An event of somebody whose key the store has never seen, and which is read under the locks.
        var spouse = Guid.NewGuid();
        await bank.AppendAsync(_id, new PersonRegistered(spouse, "William", "william@example.org", null, default, null));
        await bank.ExecuteAsync($"delete from {{schema}}.doc_person where id = '{_id}'");
        session.Events.Append(_id, new AccountClosed(_id));
        await session.SaveChangesAsync(Cancellation);

        (await bank.ExecuteAsync($"select data->>'name' from {{schema}}.doc_person where id = '{_id}'")).ShouldBe("Ada (closed)");
    }

    /// <summary>A session that fetched the snapshots of the stream before somebody else wrote two events.</summary>
    private async Task<IDocumentSession> FetchAndBeOvertakenAsync(EventStore store, Guid id)
    {
        var session = store.OpenSession();
        await session.Events.FetchForWritingAsync<Account>(id, cancellationToken: Cancellation);
        await bank.AppendAsync(id, new MoneyDeposited(id, 10), new NoteTaken("overtaking"));
        return session;
    }

    private async Task ShouldHoldAsync(int count)
    {
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Account>(_id, Cancellation))!.Balance.ShouldBe(count);
        (await session.LoadAsync<Notebook>($"{_id}", Cancellation))!.Versions.ShouldBe(
            Enumerable.Range(1, count).Select(static number => (2L * number) + 1));
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_account where id = '{_id}'")).ShouldBe((2L * count) + 1);
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_notebook where id = '{_id}'")).ShouldBe((2L * count) + 1);
    }
}
