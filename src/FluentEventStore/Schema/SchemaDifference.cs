namespace FluentEventStore.Schema;

/// <summary>How the database falls short of everything a store needs.</summary>
internal sealed class SchemaDifference(IReadOnlyList<Growth> growths)
{
    /// <summary>Whether something is missing that only people may do.</summary>
    public bool IsRefused { get; } = growths.Any(static growth => growth.Refusals.Length > 0);

    /// <summary>All that is missing; empty where nothing is.</summary>
    public string Sql { get; } = string.Concat(growths.Select(static growth => growth.Refusals + growth.Additions));

    public IReadOnlyList<SchemaDrift> Drift { get; } = [.. growths.SelectMany(static growth => growth.Drift)];
}
