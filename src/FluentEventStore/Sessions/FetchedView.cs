namespace FluentEventStore.Sessions;

/// <summary>
/// A view as it was read: as JSON, because what a caller got of it may be changed by the caller and is no ground to fold on.
/// </summary>
/// <param name="Json">The document; <see langword="null"/> where there is none.</param>
/// <param name="DocumentVersion">The version of the document's row, which is the stream version it was folded up to; 0 where there is none.</param>
/// <param name="StreamVersion">The version that the stream is at.</param>
/// <param name="AggregateType">The aggregate that the stream was started for; <see langword="null"/> where none was said.</param>
/// <param name="Missing">The events of the stream that the document does not hold yet; none, unless the view is new to a stream that is not.</param>
internal sealed record FetchedView(byte[]? Json, long DocumentVersion, long StreamVersion, string? AggregateType, IReadOnlyList<IEvent> Missing);
