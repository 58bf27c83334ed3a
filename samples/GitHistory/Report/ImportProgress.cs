using GitHistory.Import;
using Spectre.Console;

namespace GitHistory.Report;

/// <summary>Runs an import behind a progress bar; without one where nobody looks.</summary>
internal static class ImportProgress
{
    public static async Task RunAsync(IAnsiConsole console, HistoryImport import, CancellationToken cancellationToken)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            await import.RunAsync(static () => { }, cancellationToken);
            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .AutoClear(true)
            .StartAsync(async context =>
            {
                var bar = context.AddTask("commits", maxValue: Math.Max(1, import.TotalCommits));
                bar.Value = import.TotalCommits - import.UnseenCommits;
                await import.RunAsync(() => bar.Increment(1), cancellationToken);
            });
    }
}
