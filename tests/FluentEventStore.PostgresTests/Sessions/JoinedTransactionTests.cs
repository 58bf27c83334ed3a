using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>A session in a transaction of the caller.</summary>
public abstract class JoinedTransactionTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_saved_counts_when_the_caller_commits_and_not_otherwise(bool commits)
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var connection = await OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 5));
            session.Store(customer);
            (await session.SaveChangesAsync(Token)).Streams[_id].ShouldBe(new StreamCommit(1, 2));

            // The session sees what it wrote, as nobody else does.
            (await session.Events.FetchStreamAsync(_id, cancellationToken: Token)).Count.ShouldBe(2);
            (await session.Events.FetchLatestAsync<Account>(_id, Token))!.Balance.ShouldBe(5);
            (await session.LoadAsync<Account>(_id, Token))!.Balance.ShouldBe(5);
            (await session.LoadAsync<Customer>(customer.Id, Token)).ShouldNotBeNull();
            (await bank.FetchAsync(_id)).ShouldBeEmpty();

            session.Events.Append(_id, ExpectedVersion.Exactly(2), new MoneyDeposited(_id, 2));
            await session.SaveChangesAsync(Token);
            if (commits)
                await transaction.CommitAsync(Token);
        }

        (await bank.FetchAsync(_id)).Count.ShouldBe(commits ? 3 : 0);
        await using var other = bank.Store.OpenQuerySession();
        (await other.LoadAsync<Account>(_id, Token))?.Balance.ShouldBe(7);
        (await other.LoadAsync<Customer>(customer.Id, Token) is not null).ShouldBe(commits);
    }

    [Fact]
    public async Task A_unit_that_is_refused_leaves_the_transaction_as_it_was()
    {
        await bank.AppendAsync($"{_id}-1", new NoteTaken("before"));
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await RunAsync(connection, "create temporary table mine (n int) on commit drop; insert into mine values (1)");
        await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append($"{_id}-1", ExpectedVersion.NoStream, new NoteTaken("refused"));
        session.Store(new Customer { Id = _id, Name = "refused" });
        (await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Token))).Actual.ShouldBe(1);

        session.EjectAllPendingChanges();
        (await RunAsync(connection, "select n from mine")).ShouldBe(1);
        (await session.LoadAsync<Customer>(_id, Token)).ShouldBeNull();
        session.Events.Append($"{_id}-1", new NoteTaken("taken"));
        await session.SaveChangesAsync(Token);
        await transaction.CommitAsync(Token);
        (await bank.FetchAsync($"{_id}-1")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_unit_that_is_saved_again_in_the_same_transaction_is_written_once()
    {
        var id = Guid.NewGuid();
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append($"{_id}", new NoteTaken("once")).WithEventId(id);
            (await session.SaveChangesAsync(Token)).Streams[$"{_id}"].ShouldBe(new StreamCommit(1, 1));
        }

        await transaction.CommitAsync(Token);
        (await bank.FetchAsync($"{_id}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_over_tags_a_link_and_a_change_of_a_stream_are_part_of_the_transaction()
    {
        await bank.AppendAsync($"{_id}-old", new NoteTaken("a"));
        var recorded = (await bank.FetchAsync($"{_id}-old"))[0];
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction }))
        {
            var course = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token);
            course.Append($"{_id}-course", new CourseOffered($"{_id}", 3));
            session.Events.LinkTo($"{_id}-links", recorded);
            session.Events.ArchiveStream($"{_id}-old");
            await session.SaveChangesAsync(Token);
            (await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token)).Aggregate!.Places.ShouldBe(
                3);
        }

        await transaction.RollbackAsync(Token);
        (await bank.FetchAsync($"{_id}-old")).Count.ShouldBe(1);
        (await bank.FetchAsync($"{_id}-course")).ShouldBeEmpty();
        (await bank.FetchAsync($"{_id}-links")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_of_the_transaction_are_those_of_the_caller_after_a_unit()
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Delete<Customer>(_id);
        await session.SaveChangesAsync(Token);
        (await RunAsync(connection, "select current_setting('enable_seqscan') || current_setting('jit')")).ShouldBe("onon");
    }

    [Fact]
    public async Task Those_who_follow_the_log_get_what_was_saved_when_the_caller_has_committed()
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append($"{_id}", new NoteTaken("followed"));
        var position = (await session.SaveChangesAsync(Token)).Position;
        await bank.AppendAsync($"{_id}-later", new NoteTaken("later"));
        var following = bank.Store.Log.FollowAsync(new LogStart { After = position - 1 }, Token).Take(2).ToListAsync(Token);
        await transaction.CommitAsync(Token);
        (await following).Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(["followed", "later"]);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        await using var connection = await OpenAsync();
        var transaction = await connection.BeginTransactionAsync(Token);
        await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append($"{_id}", new NoteTaken("a"));
        await transaction.RollbackAsync(Token);

        await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync(Token));
        await Should.ThrowAsync<InvalidOperationException>(() => session.LoadAsync<Customer>(_id, Token));
        Should.Throw<InvalidOperationException>(() => bank.Store.OpenSession(new SessionOptions { Transaction = transaction }));
    }

    [Fact]
    public async Task A_transaction_of_another_database_is_refused_and_one_that_leads_to_the_same_in_another_way_is_not()
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(bank.ConnectionString) { Database = "template1", Pooling = false };
        await using (var connection = new NpgsqlConnection(elsewhere.ConnectionString))
        {
            await connection.OpenAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append($"{_id}", new NoteTaken("a"));
            (await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync(Token))).Message.ShouldContain("template1");
        }

        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using (var connection = new NpgsqlConnection(proxy.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append($"{_id}", new NoteTaken("a"));
            await session.SaveChangesAsync(Token);
            await transaction.CommitAsync(Token);
        }

        (await bank.FetchAsync($"{_id}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_is_executed_in_the_transaction()
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await bank.Store.ExecuteAsync<Notebook>(
            $"{_id}", static (_, _) => [new NoteTaken("a")], new SessionOptions { Transaction = transaction }, Token);
        (await bank.FetchAsync($"{_id}")).ShouldBeEmpty();
        await transaction.CommitAsync(Token);
        (await bank.FetchAsync($"{_id}")).Count.ShouldBe(1);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(bank.StoreConnectionString);
        await connection.OpenAsync(Token);
        return connection;
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
