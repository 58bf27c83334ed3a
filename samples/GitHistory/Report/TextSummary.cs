using System.Globalization;
using Spectre.Console;

namespace GitHistory.Report;

/// <summary>The summary for people. Fits in 80 columns, and uses what a wider terminal has.</summary>
internal static class TextSummary
{
    private const int NumberWidth = 10;
    private const int Top = 10;

    public static void Write(IAnsiConsole console, HistorySummary summary, ImportFigures figures)
    {
        console.WriteLine();
        console.Write(Totals(summary, figures));
        console.WriteLine();
        if (summary.MostChanged.Count > 0)
            console.Write(MostChanged(summary, console.Profile.Width));

        if (summary.Contributors.Count > 0)
            console.Write(MostActive(summary, console.Profile.Width));
    }

    private static Grid Totals(HistorySummary summary, ImportFigures figures)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().RightAligned().PadRight(6))
            .AddColumn(new GridColumn().PadRight(2))
            .AddColumn(new GridColumn().RightAligned());
        grid.AddRow(Label("Commits"), Number(summary.Commits), Label("Events"), Number(summary.Events));
        grid.AddRow(Label("Files"), Number(summary.Files), Label("Streams"), Number(summary.Streams));
        grid.AddRow(Label("Lines added"), Number(summary.LinesAdded), Label("Imported in"), new Text(Seconds(figures.Elapsed)));
        grid.AddRow(Label("Lines removed"), Number(summary.LinesRemoved), Label("Events per second"), Number(figures.EventsPerSecond));
        return grid;
    }

    private static Table MostChanged(HistorySummary summary, int width)
    {
        var table = NumbersAnd("Most changed files", "Changes", "File");
        foreach (var file in summary.MostChanged)
            table.AddRow(Number(file.Changes), Number(file.LinesAdded), Number(file.LinesRemoved), Name(file.Path));

        return table;

        Text Name(string path) => new(DisplayText.KeepEnd(DisplayText.Printable(path), NameWidth(width)));
    }

    private static Table MostActive(HistorySummary summary, int width)
    {
        var table = NumbersAnd("Most active contributors", "Commits", "Author");
        foreach (var one in summary.Contributors.Take(Top))
            table.AddRow(Number(one.Commits), Number(one.LinesAdded), Number(one.LinesRemoved), Name($"{one.Name} <{one.Email}>"));

        return table;

        Text Name(string author) => new(DisplayText.KeepStart(DisplayText.Printable(author), NameWidth(width)));
    }

    private static Table NumbersAnd(string title, string number, string name) =>
        new Table()
            .Title(new TableTitle(title, new Style(decoration: Decoration.Bold)))
            .Border(TableBorder.Simple)
            .Expand()
            .AddColumn(new TableColumn(Label(number)).RightAligned().Width(NumberWidth))
            .AddColumn(new TableColumn(Label("+ lines")).RightAligned().Width(NumberWidth))
            .AddColumn(new TableColumn(Label("- lines")).RightAligned().Width(NumberWidth))
            .AddColumn(new TableColumn(Label(name)).NoWrap());

    // Three columns of numbers, and what stands between the columns.
    private static int NameWidth(int width) => Math.Max(10, width - (3 * NumberWidth) - 12);

    private static Text Label(string text) => new(text, new Style(foreground: Color.Grey));

    private static Text Number(long value) => new(value.ToString("N0", CultureInfo.InvariantCulture));

    private static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:N1} s");
}
