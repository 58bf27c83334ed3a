namespace FluentEventStore;

/// <summary>How the rows of what is built differ from those of what serves.</summary>
/// <param name="Equal">How many are equal.</param>
/// <param name="OnlyServing">How many only what serves has.</param>
/// <param name="OnlyBuilt">How many only what is built has.</param>
/// <param name="Different">How many both have, with other contents.</param>
/// <param name="Samples">Up to ten of those that differ.</param>
public sealed record ProjectionComparison(
    long Equal, long OnlyServing, long OnlyBuilt, long Different, IReadOnlyList<ProjectionDifference> Samples)
{
    /// <summary>Whether all rows are equal.</summary>
    public bool AreEqual => OnlyServing == 0 && OnlyBuilt == 0 && Different == 0;
}
