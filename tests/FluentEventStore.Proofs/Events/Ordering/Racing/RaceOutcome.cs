namespace FluentEventStore.Proofs.Events.Ordering.Racing;

/// <summary>What a reader got, compared with the table after the race.</summary>
internal sealed record RaceOutcome(int Committed, int Lost, int Doubled, int OutOfOrder, int Invented)
{
    public bool IsClean => this is { Lost: 0, Doubled: 0, OutOfOrder: 0, Invented: 0 };

    public static RaceOutcome Of(IReadOnlyList<(long Position, string Text)> table, IReadOnlyList<(long Position, string Text)> seen)
    {
        var committed = table.ToHashSet();
        var got = seen.ToHashSet();
        return new RaceOutcome(
            Committed: committed.Count,
            Lost: committed.Count(row => !got.Contains(row)),
            Doubled: seen.Count - got.Count,
            OutOfOrder: seen.Zip(seen.Skip(1)).Count(static pair => pair.First.Position >= pair.Second.Position),
            Invented: got.Count(row => !committed.Contains(row)));
    }
}
