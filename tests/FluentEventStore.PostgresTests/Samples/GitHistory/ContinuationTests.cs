namespace FluentEventStore.PostgresTests.Samples.GitHistory;

public sealed class ContinuationTests(PostgresServer server)
{
    private const int Commits = 600;

    [Fact]
    public async Task A_killed_run_is_continued_without_a_loss_or_a_double()
    {
        using var repository = await CreateLongHistoryAsync();
        var whole = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());
        var schema = server.CreateSchemaName();

        using (var process = SampleProcess.Start([repository.Location, "--connection", server.ConnectionString, "--schema", schema]))
        {
            await Eventually.BecomesTrueAsync(async () => await CountEventsAsync(schema) > 100, "the import is under way");
            process.HasExited.ShouldBeFalse("the history is too short to be killed in the middle");
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
        var running = Run.AsIsAsync(stop.Token, repository.Location, "--connection", server.ConnectionString, "--schema", schema);
        await Eventually.BecomesTrueAsync(async () => await CountEventsAsync(schema) > 100, "the import is under way");
        await stop.CancelAsync();
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
        (continued.Summary with { ElapsedSeconds = 0, Contributors = [] }).ShouldBe(whole.Summary with { ElapsedSeconds = 0, Contributors = [] });
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
            right = repository.Commit("side", right, Edit.Lines("shared.txt", 9 + number, seed: 1), Edit.Lines($"file{number % 60}", number + 2, seed: 1));
        }

        repository.Commit("main", [left, right], [Edit.Lines("merged.txt", 3), Edit.Remove("file1")]);
        await repository.SaveAsync();
        return repository;
    }

    private async Task<long> CountEventsAsync(string schema) =>
        await Database.AskAsync(server.ConnectionString, $"select to_regclass('{schema}.events') is not null") is true
            ? (long)(await Database.AskAsync(server.ConnectionString, $"select count(*) from {schema}.events")).ShouldNotBeNull()
            : 0;
}
