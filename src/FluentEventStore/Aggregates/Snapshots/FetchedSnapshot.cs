using FluentEventStore.Events;

namespace FluentEventStore.Aggregates;

/// <summary>
/// A snapshot as it was read, with what it lacks, from one state of the database. The document is JSON, because what a caller got of it may
/// be changed by the caller and is no ground to fold on.
/// </summary>
/// <param name="Stream">The stream.</param>
/// <param name="HasRow">Whether there is a row, be it one that does not count.</param>
/// <param name="Json">The document that the row holds; <see langword="null"/> where there is none that counts.</param>
/// <param name="Missing">
/// The events of the stream that the document does not hold yet; none, unless the snapshot is new to a stream that is not.
/// </param>
internal sealed record FetchedSnapshot(StreamHead Stream, bool HasRow, byte[]? Json, IReadOnlyList<IEvent> Missing);
