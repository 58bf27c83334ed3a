using System.Globalization;

namespace FluentEventStore.Benchmarks.Reporting;

/// <summary>Columns as wide as their longest cell: the first one to the left, the others to the right.</summary>
internal sealed class Table(params string[] header)
{
    private readonly List<string[]> _lines = [header];

    public void Add(params string[] cells) => _lines.Add(cells);

    public void Print(TextWriter writer)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _lines.Max(line => line[column].Length))];
        for (var number = 0; number < _lines.Count; number++)
        {
            var cells = _lines[number].Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
            if (number == 0)
                writer.WriteLine(string.Join("  ", widths.Select(width => new string('-', width))));
        }
    }

    public static string Number(double? value, string format = "#,##0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    public static string Times(double? value) => value is null ? "–" : $"{Number(value, "0.00")}x";
}
