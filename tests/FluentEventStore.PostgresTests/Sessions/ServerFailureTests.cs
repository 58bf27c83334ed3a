using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>Failures of the server while it commits, each test in a store of its own.</summary>
public sealed class ServerFailureTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [InlineData("58030", false)]
    [InlineData("58030", true)]
    [InlineData("53100", false)]
    [InlineData("53100", true)]
    public async Task A_server_that_cannot_write_at_the_commit_leaves_an_unknown_outcome(string sqlState, bool combined)
    {
        await FailCommitsAsync(sqlState);
        await using var store = _bank.CreateStore(options => options.Events.GroupCommit.Lanes = 1);
        await using var holder = combined ? await HoldAsync("held") : null;
        var saving = Enumerable.Range(0, combined ? 4 : 1).Select(number => SaveAsync(store, number == 0 ? "held" : $"{number}")).ToArray();
        if (holder is not null)
            await holder.DisposeAsync();

        foreach (var save in saving)
            (await Should.ThrowAsync<CommitOutcomeUnknownException>(() => save)).IsCommittedLocally.ShouldBeFalse();

        await _bank.ExecuteAsync("drop trigger fail_commit on {schema}.events");
        (await SaveAsync(store, "after")).Streams["after"].Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_refuses_at_the_commit_has_written_nothing()
    {
        await FailCommitsAsync("P0001");

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => SaveAsync(_bank.Store, "s"))).SqlState.ShouldBe("P0001");
    }

    private static async Task<Commit> SaveAsync(EventStore store, string stream)
    {
        await using var session = store.OpenSession();
        session.Events.Append(stream, new NoteTaken("a"));
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private Task<object?> FailCommitsAsync(string sqlState) => _bank.ExecuteAsync($$"""
        create function {schema}.fail_commit() returns trigger language plpgsql as
          $fail$ begin raise exception 'no' using errcode = '{{sqlState}}'; end $fail$;
        create constraint trigger fail_commit after insert on {schema}.events deferrable initially deferred
          for each row execute function {schema}.fail_commit();
        """);

    /// <summary>Locks a stream as long as the returned connection is open.</summary>
    private async Task<Npgsql.NpgsqlConnection> HoldAsync(string stream)
    {
        await _bank.ExecuteAsync(
            "insert into {schema}.streams (tenant, id, version, created_at, appended_at) "
                + $"values ('default', '{stream}', 0, now(), now())");
        var connection = new Npgsql.NpgsqlConnection($"{_bank.ConnectionString};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = new Npgsql.NpgsqlCommand(
            $"begin; select from {_bank.Schema}.streams where id = '{stream}' for update", connection);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
