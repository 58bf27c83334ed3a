namespace FluentEventStore.Proofs.Events.Ordering.Racing;

/// <summary>Follows the log of a race from its beginning, and gives the position and the text of each event.</summary>
internal delegate IAsyncEnumerable<(long Position, string Text)> RaceReader(Race race, CancellationToken cancellationToken);
