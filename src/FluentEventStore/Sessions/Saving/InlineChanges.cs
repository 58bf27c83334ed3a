using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>The changes of inline snapshots that a unit of work brings.</summary>
/// <param name="Streams">
/// What the streams of the unit must still be for the changes to hold; <see langword="null"/> where no snapshot concerns any.
/// </param>
/// <param name="Changes">The documents to write.</param>
internal sealed record InlineChanges(FoldedStreams? Streams, IReadOnlyList<DocumentChange> Changes)
{
    /// <summary>
    /// Whether the streams have to be compared, also where nothing is to be changed: then no snapshot may have come meanwhile that should
    /// be.
    /// </summary>
    public bool RestOnStreams => Streams is { AreExpected: true };

    /// <summary>No snapshot concerns the unit.</summary>
    public static InlineChanges None { get; } = new(Streams: null, []);
}
