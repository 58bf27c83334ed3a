namespace FluentEventStore.Proofs.Projections;

[Event]
public sealed record Added(string View, int Amount);

/// <summary>What was added to a view, and in which order: it shows what was left out, doubled or turned round.</summary>
[Document("sum")]
public sealed record Sum(string Id, int Total, int Count, List<int> Last);

[Projection("sums")]
public sealed partial class SumProjection : MultiStreamProjection<Sum, string>
{
    private const int Remembered = 50;

    public static string Identity(Added e) => e.View;

    public static Sum Evolve(Sum? sum, Added e) => new(
        e.View, (sum?.Total ?? 0) + e.Amount, (sum?.Count ?? 0) + 1, [.. (sum?.Last ?? []).TakeLast(Remembered - 1), e.Amount]);
}
