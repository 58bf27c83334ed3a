using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>The changes of inline snapshots that a unit of work brings.</summary>
/// <param name="Streams">
/// How the streams of the unit must still be for the changes to be right; <see langword="null"/> if they concern no snapshot.
/// </param>
/// <param name="Changes">The documents to write.</param>
internal sealed record InlineChanges(FoldedStreams? Streams, IReadOnlyList<DocumentChange> Changes)
{
    /// <summary>
    /// Whether the streams have to be compared, even if nothing is to be changed: a snapshot may have been added meanwhile that should be
    /// changed.
    /// </summary>
    public bool RestOnStreams => Streams is { AreExpected: true };

    /// <summary>The unit concerns no snapshot.</summary>
    public static InlineChanges None { get; } = new(Streams: null, []);

    /// <summary>These and others of the same unit.</summary>
    public InlineChanges With(InlineChanges other) => new(
        Streams is null ? other.Streams : other.Streams is null ? Streams : Streams.With(other.Streams), [.. Changes, .. other.Changes]);
}
