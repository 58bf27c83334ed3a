namespace FluentEventStore;

/// <summary>What was done to the schema, and what is in it but is not the store's.</summary>
/// <param name="Applied">The statements that were run; empty if nothing was missing.</param>
/// <param name="Drift">What the store found in its tables but does not know; it is left alone. Empty if nothing was found.</param>
public sealed record SchemaReport(string Applied, IReadOnlyList<SchemaDrift> Drift)
{
    /// <summary>How much was run, and what was found, in one line.</summary>
    public override string ToString() =>
        $"{(Applied.Length == 0 ? "Nothing was applied" : $"{Applied.Length} characters of SQL were applied")}; {(Drift.Count == 0
            ? "no drift"
            : string.Join(", ", Drift))}";
}
