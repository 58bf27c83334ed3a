namespace FluentEventStore.Benchmarks.Rows;

/// <summary>The rows in the order of the table. A new group of rows is one more line.</summary>
internal static class AllRows
{
    /// <param name="text">What the names of rows hold; <see langword="null"/> for all of them.</param>
    /// <param name="quick">Whether long rows are left out unless they are asked for, and made shorter.</param>
    public static IReadOnlyList<Row> Matching(string? text, bool quick) =>
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
            WebRows.All,
            DeliveryRows.All,
            CatchUpRows.Of(quick),
            ProjectionRows.Of(quick),
        }
            .SelectMany(rows => rows)
            .Where(row => text is null ? !quick || !row.IsLong : row.Name.Contains(text, StringComparison.OrdinalIgnoreCase)),
    ];
}
