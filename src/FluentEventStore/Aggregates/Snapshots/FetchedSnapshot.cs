using FluentEventStore.Events;

namespace FluentEventStore.Aggregates;

/// <summary>
/// A snapshot as it was read, with the events that it lacks, from one state of the database. The document is JSON: callers may change the
/// objects that they get, so those cannot be folded on.
/// </summary>
/// <param name="Stream">The stream.</param>
/// <param name="HasRow">Whether there is a row, even one that does not count.</param>
/// <param name="Counts">Whether the row may be folded on.</param>
/// <param name="Version">The version of the stream up to which such a row was folded; 0 if there is none.</param>
/// <param name="Created">When the document of such a row began.</param>
/// <param name="Json">The document that the row holds; <see langword="null"/> if there is none, or it was deleted.</param>
/// <param name="Missing">
/// The events of the stream that the document does not hold yet. Usually none, unless the snapshot is new and the stream is not.
/// </param>
internal sealed record FetchedSnapshot(
    StreamHead Stream,
    bool HasRow,
    bool Counts,
    long Version,
    DateTimeOffset Created,
    byte[]? Json,
    IReadOnlyList<IEvent> Missing)
{
    /// <summary>Whether what lacks was read with it; otherwise the caller has it.</summary>
    public bool IsWhole { get; init; } = true;
}
