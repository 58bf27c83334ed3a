namespace FluentEventStore.Subscriptions;

/// <summary>A process that carries subscriptions.</summary>
/// <param name="Id">New at each start of the process.</param>
/// <param name="Knows">Which versions of which subscriptions it can carry.</param>
internal sealed record Node(Guid Id, IReadOnlySet<string> Knows)
{
    public bool KnowsOf(RangeRow range) =>
        Knows.Contains(Declaration.KnownAs(range.Key.Subscription, range.Key.Version, range.Partition));
}
