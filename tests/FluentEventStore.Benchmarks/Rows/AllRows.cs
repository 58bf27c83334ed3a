namespace FluentEventStore.Benchmarks.Rows;

/// <summary>The rows in the order of the table. A new group of rows is one more line.</summary>
internal static class AllRows
{
    public static IReadOnlyList<Row> Matching(string? text) =>
    [
        .. new[]
        {
            AppendRows.All,
            ConcurrentAppendRows.All,
            ReadRows.All,
            ElixirRows.All,
            DecideRows.All,
            DocumentRows.All,
            ImportRows.All,
            WebRows.All
        }
            .SelectMany(rows => rows)
            .Where(row => text is null || row.Name.Contains(text, StringComparison.OrdinalIgnoreCase)),
    ];
}
