namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>What the program says when it cannot do what it is asked for: one line, exit code 2, and nothing is written.</summary>
public sealed class RefusalTests(PostgresServer server)
{
    [Fact]
    public async Task A_folder_that_is_not_a_repository()
    {
        using var folder = new TemporaryFolder();

        await ShouldRefuseAsync(folder.Location, $"git-history: {folder.Location} is not in a git repository.");
    }

    [Fact]
    public async Task A_folder_that_is_not_there() =>
        await ShouldRefuseAsync("/no/such/folder", "git-history: /no/such/folder is not a folder.");

    [Fact]
    public async Task A_repository_whose_objects_are_broken()
    {
        using var repository = await CreateRepositoryAsync();
        await File.WriteAllTextAsync(
            Path.Combine(repository.Location, "refs", "heads", "main"), new string('1', 40) + "\n", TestContext.Current.CancellationToken);

        var run = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());

        ShouldBeOneLine(run, "failed with exit code 128: fatal: bad object");
    }

    [Fact]
    public async Task A_machine_without_git()
    {
        using var repository = await CreateRepositoryAsync();
        var schema = server.CreateSchemaName();
        using var process = SampleProcess.Start(
            [repository.Location, "--connection", server.ConnectionString, "--schema", schema], searchPath: "/nowhere");

        ShouldBeOneLine(await process.EndAsync(), "git could not be started");
        await ShouldNotExistAsync(schema);
    }

    [Fact]
    public async Task A_connection_that_is_refused()
    {
        using var repository = await CreateRepositoryAsync();

        var run = await RunAsync(repository.Location, "--connection", "Host=127.0.0.1;Port=1;Username=nobody");

        ShouldBeOneLine(run, "PostgreSQL at 127.0.0.1:1 does not answer");
    }

    [Fact]
    public async Task A_database_that_is_not_there()
    {
        using var repository = await CreateRepositoryAsync();

        var run = await RunAsync(repository.Location, "--connection", $"{server.ConnectionString};Database=no_such_database");

        ShouldBeOneLine(run, "database \"no_such_database\" does not exist");
    }

    [Fact]
    public async Task A_schema_with_the_history_of_another_repository()
    {
        using var first = await CreateRepositoryAsync();
        using var second = await TestRepository.CreateAsync();
        second.Commit("main", null, Edit.Lines("other.txt", 3));
        await second.SaveAsync();
        var schema = server.CreateSchemaName();
        await Run.ImportAsync(first.Location, server, schema);

        var run = await Run.ImportAsync(second.Location, server, schema);

        ShouldBeOneLine(run, "The schema holds the history of another repository");
        (await Run.ImportAsync(first.Location, server, schema)).Summary.Commits.ShouldBe(1);
    }

    [Fact]
    public async Task A_shallow_clone_that_was_deepened()
    {
        using var repository = await OddHistory.CreateAsync();
        using var folder = new TemporaryFolder();
        var clone = folder.Child("clone.git");
        await GitCommand.AskAsync(
            folder.Location, "clone", "--quiet", "--bare", "--depth=3", new Uri(repository.Location).AbsoluteUri, clone);
        var schema = server.CreateSchemaName();
        var shallow = await Run.ImportAsync(clone, server, schema);
        shallow.Summary.Files.ShouldBe((await GitFacts.OfAsync(clone)).Files.Count);
        shallow.Complaint.ShouldContain("shallow clone");

        await GitCommand.AskAsync(clone, "fetch", "--quiet", "--unshallow");

        ShouldBeOneLine(await Run.ImportAsync(clone, server, schema), "shows commits older than those it was imported from");
    }

    [Theory]
    [InlineData("there is no option '--nonsense'", "--nonsense")]
    [InlineData("there is no option '--json=yes'", "--json=yes")]
    [InlineData("--schema needs a value", "--schema")]
    [InlineData("--schema 'Not Plain' is not a plain lower-case name", "--schema", "Not Plain")]
    [InlineData("--connection is not a connection string", "--connection", "nonsense")]
    [InlineData("--connection names no Host", "--connection", "Port=5432")]
    [InlineData("--keep is empty", "--keep=")]
    [InlineData("one PATH is enough", ".", "..")]
    [InlineData("--keep is for the private server", "--keep", "x", "--connection", "Host=h")]
    public async Task A_command_line_that_makes_no_sense(string fault, params string[] arguments) =>
        ShouldBeOneLine(await RunAsync(arguments), fault);

    [Fact]
    public async Task A_repository_without_a_commit_is_simply_empty()
    {
        using var repository = await TestRepository.CreateAsync();

        var run = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());

        (run.Summary.Commits, run.Summary.Events, run.Summary.Files).ShouldBe((0, 0, 0));
        run.Complaint.ShouldContain("no commit yet");
    }

    [Fact]
    public async Task Help_is_given_before_anything_else()
    {
        var run = await RunAsync("--help", "--schema", "git_history");

        (run.ExitCode, run.Complaint).ShouldBe((0, ""));
        run.Output.ShouldContain("Usage:");
    }

    private static Task<Run> RunAsync(params string[] arguments) => Run.AsIsAsync(TestContext.Current.CancellationToken, arguments);

    private static async Task<TestRepository> CreateRepositoryAsync()
    {
        var repository = await TestRepository.CreateAsync();
        repository.Commit("main", null, Edit.Lines("file.txt", 3));
        await repository.SaveAsync();
        return repository;
    }

    private static void ShouldBeOneLine(Run run, string part)
    {
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Complaint.ShouldContain(part);
        run.Complaint.TrimEnd().ShouldNotContain("\n");
    }

    private async Task ShouldRefuseAsync(string path, string line)
    {
        var schema = server.CreateSchemaName();

        var run = await Run.ImportAsync(path, server, schema);

        ShouldBeOneLine(run, line);
        await ShouldNotExistAsync(schema);
    }

    private async Task ShouldNotExistAsync(string schema) =>
        (await Database.AskAsync(server.ConnectionString, $"select count(*) from pg_namespace where nspname = '{schema}'")).ShouldBe(0L);
}
