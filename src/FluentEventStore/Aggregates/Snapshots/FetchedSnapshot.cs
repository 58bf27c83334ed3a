using FluentEventStore.Events;

namespace FluentEventStore.Aggregates;

/// <summary>
/// A snapshot as it was read, with the events that it lacks, from one state of the database. The document is JSON: callers may change the
/// objects that they get, so those cannot be folded on.
/// </summary>
/// <param name="Stream">The stream.</param>
/// <param name="HasRow">Whether there is a row, even one that does not count.</param>
/// <param name="Json">The document that the row holds; <see langword="null"/> if there is none that counts.</param>
/// <param name="Missing">
/// The events of the stream that the document does not hold yet. Usually none, unless the snapshot is new and the stream is not.
/// </param>
internal sealed record FetchedSnapshot(StreamHead Stream, bool HasRow, byte[]? Json, IReadOnlyList<IEvent> Missing);
