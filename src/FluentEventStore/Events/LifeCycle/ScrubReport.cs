namespace FluentEventStore;

/// <summary>What a scrub removed, so far or at its end.</summary>
/// <param name="Streams">How many streams lost events.</param>
/// <param name="Events">How many events were removed.</param>
public readonly record struct ScrubReport(long Streams, long Events);
