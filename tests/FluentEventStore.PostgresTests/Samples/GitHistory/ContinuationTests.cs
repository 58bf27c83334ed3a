using Npgsql;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

public sealed class ContinuationTests(PostgresServer server)
{
    private const int Commits = 600;

    [Fact]
    public async Task A_killed_run_is_continued_without_losses_or_duplicates()
    {
        using var repository = await CreateLongHistoryAsync();
        var whole = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());
        var schema = server.CreateSchemaName();

        await using (await HoldInTheMiddleAsync(schema))
        using (var process = SampleProcess.Start([repository.Location, "--connection", server.ConnectionString, "--schema", schema]))
        {
            await Eventually.BecomesTrueAsync(async () => await CountEventsAsync(schema) > 100, "the import is under way");
            process.Kill();
            (await process.EndAsync()).ExitCode.ShouldNotBe(0);
        }

        (await CountEventsAsync(schema)).ShouldBeLessThan(whole.Summary.Events);
        var continued = await Run.ImportAsync(repository.Location, server, schema);

        await ShouldBeAsync(continued, whole, repository);
    }

    [Fact]
    public async Task A_stopped_run_ends_after_a_commit_and_says_how_to_go_on()
    {
        using var repository = await CreateLongHistoryAsync();
        var whole = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());
        var schema = server.CreateSchemaName();

        using var stop = new CancellationTokenSource();
        Task<Run> running;
        await using (await HoldInTheMiddleAsync(schema))
        {
            running = Run.AsIsAsync(stop.Token, repository.Location, "--connection", server.ConnectionString, "--schema", schema);
            await Eventually.BecomesTrueAsync(async () => await CountEventsAsync(schema) > 100, "the import is under way");
            await stop.CancelAsync();
        }

        var stopped = await running;

        stopped.ExitCode.ShouldBe(130);
        stopped.Complaint.ShouldContain("the same command goes on from here");
        stopped.Output.ShouldBeEmpty();
        (await CountEventsAsync(schema)).ShouldBeLessThan(whole.Summary.Events);
        await ShouldBeAsync(await Run.ImportAsync(repository.Location, server, schema), whole, repository);
    }

    private static async Task ShouldBeAsync(Run continued, Run whole, TestRepository repository)
    {
        var facts = await GitFacts.OfAsync(repository.Location);
        continued.Summary.Commits.ShouldBe(facts.Commits);
        continued.Summary.LinesAdded.ShouldBe(facts.LinesAdded);
        (continued.Summary with { ElapsedSeconds = 0, Contributors = [] }).ShouldBe(
            whole.Summary with { ElapsedSeconds = 0, Contributors = [] });
        continued.Summary.Contributors.ShouldBe(whole.Summary.Contributors);
    }

    /// <summary>Two branches with the same paths, so that the order in which git shows them matters.</summary>
    private static async Task<TestRepository> CreateLongHistoryAsync()
    {
        var repository = await TestRepository.CreateAsync();
        var root = repository.Commit("main", null, Edit.Lines("shared.txt", 10));
        var (left, right) = (root, root);
        for (var number = 0; number < Commits / 2; number++)
        {
            left = repository.Commit("main", left, Edit.Lines("shared.txt", 10 + number), Edit.Lines($"file{number % 40}", number + 1));
            right = repository.Commit(
                "side", right, Edit.Lines("shared.txt", 9 + number, seed: 1), Edit.Lines($"file{number % 60}", number + 2, seed: 1));
        }

        repository.Commit("main", [left, right], [Edit.Lines("merged.txt", 3), Edit.Remove("file1")]);
        await repository.SaveAsync();
        return repository;
    }

    /// <summary>
    /// Until it is disposed, lets in no event behind the first few hundred, however fast the import and however slow the test is.
    /// </summary>
    private async Task<NpgsqlConnection> HoldInTheMiddleAsync(string schema)
    {
        await using (var store = EventStore.For(options =>
        {
            options.Schema = schema;
            options.Connection(server.ConnectionString);
        }))
            await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);

        var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand(
            $"""
            create table {schema}.gate ();
            create function {schema}.wait_at_the_gate() returns trigger language plpgsql as
              $$ begin lock table {schema}.gate in share mode; return new; end $$;
            create trigger gate before insert on {schema}.events
              for each row when (new.position > 300) execute function {schema}.wait_at_the_gate();
            """,
            connection);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        hold.CommandText = $"begin; lock table {schema}.gate in access exclusive mode";
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<long> CountEventsAsync(string schema) =>
        await Database.AskAsync(server.ConnectionString, $"select to_regclass('{schema}.events') is not null") is true
            ? (long)(await Database.AskAsync(server.ConnectionString, $"select count(*) from {schema}.events")).ShouldNotBeNull()
            : 0;
}
