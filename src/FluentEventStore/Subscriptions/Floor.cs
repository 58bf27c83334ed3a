namespace FluentEventStore.Subscriptions;

/// <summary>Where a subscription begins.</summary>
internal static class Floor
{
    /// <summary>The position after which it begins.</summary>
    /// <param name="start">Where it is to begin.</param>
    /// <param name="settled">The settled position.</param>
    /// <param name="positions">Finds where the log was at a time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<long> FindAsync(
        StartPoint start, long settled, PositionLookup positions, CancellationToken cancellationToken) => start.Kind switch
    {
        StartKind.Beginning => 0,
        StartKind.Present => settled,
        StartKind.Time => await positions.FindAsync(start.Instant, cancellationToken).ConfigureAwait(false),
        _ => start.Position,
    };
}
