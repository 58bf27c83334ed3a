using FluentEventStore.Documents;

namespace FluentEventStore.Sessions;

/// <summary>The changes of inline views that a unit of work brings.</summary>
/// <param name="FoldedVersions">Per stream of the unit: the version that it must be at for the changes to hold; -1 where no view concerns it.</param>
/// <param name="Changes">The documents to write.</param>
internal sealed record FoldedViews(long[] FoldedVersions, IReadOnlyList<DocumentChange> Changes);
