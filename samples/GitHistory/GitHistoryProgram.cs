using System.Diagnostics;
using FluentEventStore;
using GitHistory.Git;
using GitHistory.History;
using GitHistory.Import;
using GitHistory.Report;

namespace GitHistory;

/// <summary>The whole program: open the repository, open the store, import what is new, say what the store holds.</summary>
internal static class GitHistoryProgram
{
    private const int Done = 0;
    private const int NotPossible = 2;
    private const int Stopped = 130;

    public static async Task<int> RunAsync(
        string[] arguments, TextWriter stdout, TextWriter stderr, CancellationToken cancellationToken = default)
    {
        CommandLine? asked = null;
        try
        {
            asked = CommandLine.Parse(arguments);
            return asked.Help ? await PrintUsageAsync(stdout) : await RunAsync(asked, stdout, stderr, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await stderr.WriteLineAsync(asked is { Connection: null, DataFolder: null }
                ? "Stopped. Nothing is kept; with --keep DIR the next run would go on here."
                : "Stopped. What was imported is whole; the same command goes on from here.");
            return Stopped;
        }
        catch (Exception e) when (Fault.Explain(e, asked) is { } line)
        {
            await stderr.WriteLineAsync($"git-history: {line}");
            return NotPossible;
        }
    }

    private static async Task<int> PrintUsageAsync(TextWriter stdout)
    {
        await stdout.WriteAsync(CommandLine.Usage);
        return Done;
    }

    private static async Task<int> RunAsync(CommandLine asked, TextWriter stdout, TextWriter stderr, CancellationToken cancellationToken)
    {
        var repository = await GitRepository.OpenAsync(asked.Path, cancellationToken);

        await using var server = asked.Connection is null
            ? await LocalPostgres.StartAsync(new LocalPostgresOptions { DataDirectory = asked.DataFolder }, cancellationToken)
            : null;
        await using var store = EventStore.For(options =>
        {
            options.Connection(asked.Connection ?? server!.ConnectionString); // One of them is there.
            options.Schema = asked.Schema;
            options.Projections.Snapshot<SourceFile>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<Contributor>(ProjectionLifecycle.Inline);
        });
        await store.Schema.ApplyAsync(cancellationToken);

        var figures = await ImportAsync(store, repository, stderr, cancellationToken);
        var summary = await HistorySummary.ReadAsync(store, cancellationToken);
        if (asked.Json)
            JsonSummary.Write(stdout, summary, figures.Elapsed);
        else
            TextSummary.Write(Terminal.For(stdout), summary, figures);

        await NoteAsync(repository, summary, figures, stderr);
        return Done;
    }

    private static async Task<ImportFigures> ImportAsync(
        IEventStore store, GitRepository repository, TextWriter stderr, CancellationToken cancellationToken)
    {
        if (repository.Head is null)
            return default;

        var started = Stopwatch.GetTimestamp();
        var import = await HistoryImport.PrepareAsync(store, repository, repository.Head, cancellationToken);
        await ImportProgress.RunAsync(Terminal.For(stderr), import, cancellationToken);
        return new ImportFigures(import.TotalCommits, import.NewCommits, import.NewEvents, Stopwatch.GetElapsedTime(started));
    }

    private static async Task NoteAsync(GitRepository repository, HistorySummary summary, ImportFigures figures, TextWriter stderr)
    {
        if (repository.Head is null)
            await stderr.WriteLineAsync("Note: the repository's HEAD has no commit yet, so there was nothing to import.");

        if (repository.IsShallow)
            await stderr.WriteLineAsync("Note: the repository is a shallow clone; what is older than its first commits is not there.");

        if (repository.Head is not null && summary.Commits > figures.TotalCommits)
            await stderr.WriteLineAsync(
                $"Note: {summary.Commits - figures.TotalCommits} imported commits are not in the history of HEAD, which was rewritten or "
                    + "is another branch. The store keeps them.");
    }
}
