using System.Text;
using GitHistory.Git;
using GitHistory.History;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

public sealed class ImportTests(PostgresServer server)
{
    [Fact]
    public async Task The_totals_are_what_git_says()
    {
        using var repository = await OddHistory.CreateAsync();

        var run = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());

        await ShouldAgreeAsync(run, repository);
    }

    [Fact]
    public async Task Every_commit_and_every_entry_of_git_is_one_event_and_only_merges_cause_more()
    {
        using var repository = await OddHistory.CreateAsync();
        var schema = server.CreateSchemaName();
        await Run.ImportAsync(repository.Location, server, schema);
        await using var store = new ImportedStore(server, schema);

        var facts = await GitFacts.OfAsync(repository.Location);
        var events = await store.EventsAsync();

        events.Count(static e => e.Data is CommitAuthored).ShouldBe(facts.Commits);
        var head = await repository.AskAsync("rev-parse", "HEAD");
        var reconciled = events.Where(e => e.Data is IFileEvent change && change.Commit == head && change.Path != ".mailmap")
            .Select(static e => (IFileEvent)e.Data)
            .ToList();
        events.Count(static e => e.Data is IFileEvent).ShouldBe(facts.Entries + reconciled.Count);
        reconciled.ShouldNotBeEmpty();
        reconciled.ShouldAllBe(
            static change => (change is FileAdded || change is FileDeleted) && change.LinesAdded == 0 && change.LinesRemoved == 0);
    }

    [Fact]
    public async Task The_files_that_are_not_deleted_are_those_of_HEAD_by_events_and_by_documents()
    {
        using var repository = await OddHistory.CreateAsync();
        var schema = server.CreateSchemaName();
        await Run.ImportAsync(repository.Location, server, schema);
        await using var store = new ImportedStore(server, schema);

        var expected = (await GitFacts.OfAsync(repository.Location)).Files.Select(
            static path => new GitPath(Encoding.Latin1.GetBytes(path)).Text).Order(StringComparer.Ordinal);
        var tree = new FileTree();
        foreach (var e in await store.EventsAsync())
        {
            if (e.Data is IFileEvent change)
                tree.Apply(Guid.Parse(e.StreamId.Value), change);
        }

        var files = (await store.FilesAsync()).Where(static file => !file.IsDeleted).ToList();
        files.Select(static file => file.Path).Order(StringComparer.Ordinal).ShouldBe(expected);
        tree.Live.OrderBy(static file => file.Key).ShouldBe(
            files.ToDictionary(static file => file.Id, static file => file.Path).OrderBy(static file => file.Key));
    }

    [Fact]
    public async Task A_renamed_file_stays_in_its_stream_whose_id_is_that_of_its_first_path_and_commit()
    {
        using var repository = await TestRepository.CreateAsync();
        var first = repository.Commit("main", null, Edit.Lines("old name", 20));
        var second = repository.Commit("main", first, Edit.Rename("old name", "new name"));
        repository.Commit("main", second, Edit.Lines("new name", 19));
        await repository.SaveAsync();
        var schema = server.CreateSchemaName();
        await Run.ImportAsync(repository.Location, server, schema);
        await using var store = new ImportedStore(server, schema);

        var file = (await store.FilesAsync()).ShouldHaveSingleItem();

        file.Id.ShouldBe(HistoryIds.File(await repository.AskAsync("rev-parse", "main~2"), "old name"u8));
        (file.Path, file.Changes).ShouldBe(("new name", 3));
        (await store.EventsAsync()).Where(static e => e.Data is IFileEvent).Select(static e => e.Data.GetType())
            .ShouldBe([typeof(FileAdded), typeof(FileRenamed), typeof(FileModified)]);
    }

    [Fact]
    public async Task A_second_run_imports_nothing_and_a_third_only_what_is_new()
    {
        using var repository = await OddHistory.CreateAsync();
        var schema = server.CreateSchemaName();
        var first = await Run.ImportAsync(repository.Location, server, schema);
        await using var store = new ImportedStore(server, schema);
        var before = await store.EventsAsync();

        var second = await Run.ImportAsync(repository.Location, server, schema);
        second.Summary.Events.ShouldBe(first.Summary.Events);

        await OddHistory.ContinueAsync(repository);
        await ShouldAgreeAsync(await Run.ImportAsync(repository.Location, server, schema), repository);
        var after = await store.EventsAsync();
        after.Take(before.Count).Select(static e => (e.Position, e.Id)).ShouldBe(before.Select(static e => (e.Position, e.Id)));
        after.Count.ShouldBeGreaterThan(before.Count);
    }

    [Fact]
    public async Task HEAD_can_go_to_another_branch_and_back_and_the_files_follow()
    {
        using var repository = await OddHistory.CreateAsync();
        var schema = server.CreateSchemaName();
        foreach (var branch in (string[])["left", "main", "right", "left", "main", "left"])
        {
            await repository.AskAsync("symbolic-ref", "HEAD", $"refs/heads/{branch}");

            var run = await Run.ImportAsync(repository.Location, server, schema);

            run.Summary.Files.ShouldBe((await GitFacts.OfAsync(repository.Location)).Files.Count, branch);
        }
    }

    [Fact]
    public async Task A_rewritten_history_adds_its_new_commits_and_the_store_keeps_those_that_vanished()
    {
        using var repository = await TestRepository.CreateAsync();
        var first = repository.Commit("main", null, Edit.Lines("a", 3));
        repository.Commit("main", first, Edit.Lines("b", 4));
        await repository.SaveAsync();
        var schema = server.CreateSchemaName();
        await Run.ImportAsync(repository.Location, server, schema);

        repository.Reset("main", first);
        repository.Commit("main", first, Edit.Lines("c", 5));
        await repository.SaveAsync();
        await repository.AskAsync("gc", "--quiet", "--prune=now");
        var run = await Run.ImportAsync(repository.Location, server, schema);

        (run.Summary.Commits, run.Summary.Files, run.Summary.LinesAdded).ShouldBe((3, 2, 12));
        run.Complaint.ShouldContain("1 imported commits are not in the history of HEAD");
    }

    [Fact]
    public async Task A_configuration_that_changes_what_git_prints_changes_nothing()
    {
        using var repository = await OddHistory.CreateAsync();
        var facts = await GitFacts.OfAsync(repository.Location);
        foreach (var setting in (string[])[
            "log.showSignature=true", "log.showRoot=false", "log.date=relative", "log.abbrevCommit=true", "log.decorate=full",
            "log.follow=true",
            "format.pretty=oneline", "color.ui=always", "core.quotePath=false", "core.abbrev=4", "diff.renames=copies",
            "diff.relative=true",
            "diff.noprefix=true", "i18n.logOutputEncoding=ISO-8859-1", "core.pager=cat -n", "diff.stat=true"])
        {
            var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
            await repository.AskAsync("config", name, value);
        }

        var run = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());

        ShouldAgree(run, facts);
    }

    [Fact]
    public async Task A_large_commit_is_one_unit_of_work()
    {
        using var repository = await TestRepository.CreateAsync();
        repository.Commit(
            "main", null, [.. Enumerable.Range(0, 3000).Select(static number => Edit.Lines($"folder{number % 50}/file{number}", 2))]);
        await repository.SaveAsync();

        var run = await Run.ImportAsync(repository.Location, server, server.CreateSchemaName());

        await ShouldAgreeAsync(run, repository);
    }

    private static async Task ShouldAgreeAsync(Run run, TestRepository repository) =>
        ShouldAgree(run, await GitFacts.OfAsync(repository.Location));

    private static void ShouldAgree(Run run, GitFacts facts)
    {
        var summary = run.Summary;
        summary.Commits.ShouldBe(facts.Commits);
        summary.LinesAdded.ShouldBe(facts.LinesAdded);
        summary.LinesRemoved.ShouldBe(facts.LinesRemoved);
        summary.Files.ShouldBe(facts.Files.Count);
        summary.Contributors.ToDictionary(static one => one.Email, static one => one.Commits)
            .OrderBy(static one => one.Key, StringComparer.Ordinal)
            .ShouldBe(facts.CommitsByEmail
                .Select(static one => KeyValuePair.Create(GitText.Decode(Encoding.Latin1.GetBytes(one.Key)), one.Value))
                .OrderBy(static one => one.Key, StringComparer.Ordinal));
    }
}
