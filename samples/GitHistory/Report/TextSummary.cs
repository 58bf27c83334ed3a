using System.Globalization;
using Spectre.Console;

namespace GitHistory.Report;

/// <summary>The summary for people. Fits in 80 columns, and uses what a wider terminal has.</summary>
internal static class TextSummary
{
    private const int NumberWidth = 10;
    private const int Top = 10;

    private static readonly Style Quiet = new(foreground: Color.Grey);
    private static readonly Style Title = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, HistorySummary summary, ImportFigures figures)
    {
        console.WriteLine();
        console.Write(Totals(summary));
        console.WriteLine();
        console.WriteLine($"  {WhatThisRunDid(figures)}");
        if (summary.MostChanged.Count > 0)
            WriteTable(console, "Most changed files", MostChanged(summary, console.Profile.Width));

        if (summary.Contributors.Count > 0)
            WriteTable(console, "Most active contributors", MostActive(summary, console.Profile.Width));
    }

    private static Grid Totals(HistorySummary summary) => new Grid()
        .AddColumn(new GridColumn().PadLeft(2).PadRight(2))
        .AddColumn(new GridColumn().RightAligned().PadRight(6))
        .AddColumn(new GridColumn().PadRight(2))
        .AddColumn(new GridColumn().RightAligned())
        .AddRow(new Text("Commits", Quiet), Number(summary.Commits), new Text("Events", Quiet), Number(summary.Events))
        .AddRow(new Text("Files", Quiet), Number(summary.Files), new Text("Streams", Quiet), Number(summary.Streams))
        .AddRow(new Text("Lines added", Quiet), Number(summary.LinesAdded), new Text("Lines removed", Quiet), Number(summary.LinesRemoved));

    private static string WhatThisRunDid(ImportFigures figures) => figures.NewEvents == 0
        ? "There was nothing new to import."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Imported {figures.NewCommits:N0} commits in {figures.Elapsed.TotalSeconds:N1} s: {figures.EventsPerSecond:N0} events per "
                + $"second.");

    private static void WriteTable(IAnsiConsole console, string title, Grid table)
    {
        console.WriteLine();
        console.WriteLine($"  {title}", Title);
        console.Write(table);
    }

    private static Grid MostChanged(HistorySummary summary, int width)
    {
        var table = NumbersAnd("Changes", "File");
        foreach (var file in summary.MostChanged)
        {
            var path = DisplayText.KeepEnd(DisplayText.Printable(file.Path), NameWidth(width));
            table.AddRow(Number(file.Changes), Number(file.LinesAdded), Number(file.LinesRemoved), new Text(path));
        }

        return table;
    }

    private static Grid MostActive(HistorySummary summary, int width)
    {
        var table = NumbersAnd("Commits", "Author");
        foreach (var one in summary.Contributors.Take(Top))
        {
            var author = DisplayText.KeepStart(DisplayText.Printable($"{one.Name} <{one.Email}>"), NameWidth(width));
            table.AddRow(Number(one.Commits), Number(one.LinesAdded), Number(one.LinesRemoved), new Text(author));
        }

        return table;
    }

    private static Grid NumbersAnd(string number, string name) => new Grid()
        .AddColumn(new GridColumn().RightAligned().Width(NumberWidth).PadRight(2))
        .AddColumn(new GridColumn().RightAligned().Width(NumberWidth).PadRight(2))
        .AddColumn(new GridColumn().RightAligned().Width(NumberWidth).PadRight(3))
        .AddColumn(new GridColumn().NoWrap())
        .AddRow(new Text(number, Quiet), new Text("+ lines", Quiet), new Text("- lines", Quiet), new Text(name, Quiet));

    // What three columns of numbers and the space behind them leave.
    private static int NameWidth(int width) => Math.Max(10, width - (3 * NumberWidth) - 8);

    private static Text Number(long value) => new(value.ToString("N0", CultureInfo.InvariantCulture));
}
