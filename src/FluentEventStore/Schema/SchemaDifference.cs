using System.Globalization;

namespace FluentEventStore.Schema;

/// <summary>How the database falls short of everything a store needs.</summary>
internal sealed class SchemaDifference(IReadOnlyList<Growth> growths)
{
    private const int Shown = 3;

    /// <summary>Whether something is missing that only people may decide on.</summary>
    public bool IsRefused { get; } = growths.Any(static growth => growth.Refusals.Length > 0);

    /// <summary>All that is missing; empty if nothing is.</summary>
    public string Sql { get; } = string.Concat(growths.Select(static growth => growth.Refusals + growth.Additions));

    /// <summary>The first differences that only people may decide on, in one sentence without its end.</summary>
    public string Refused { get; } = Describe([.. growths.Where(static growth => growth.Refusals.Length > 0)]);

    /// <summary>The first differences, in one sentence without its end.</summary>
    public string Description { get; } = Describe(
        [.. growths.Where(static growth => growth.Refusals.Length + growth.Additions.Length > 0)]);

    public IReadOnlyList<SchemaDrift> Drift { get; } = [.. growths.SelectMany(static growth => growth.Drift)];

    private static string Describe(Growth[] growths)
    {
        // Without the schema there is nothing at all.
        if (growths is [{ SchemaObject: NamespaceSchema } schema, ..])
            return schema.Description;

        var shown = string.Join(", ", growths.Take(Shown).Select(static growth => growth.Description));
        return growths.Length <= Shown ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}, and {growths.Length - Shown} more");
    }
}
