namespace FluentEventStore.Documents;

/// <summary>What a snapshot was folded from. It is written into the row, where it tells whether the row may be folded on.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The version of the stream that it was folded up to.</param>
/// <param name="Rewrites">How often the unit that writes it changes the past of the stream.</param>
/// <param name="Subjects">The subjects whose personal data it may hold in plain text.</param>
internal sealed record SnapshotSource(StreamId StreamId, long Version, int Rewrites, IReadOnlyCollection<SubjectId> Subjects)
{
    /// <summary>The number of the stream as it was read, and how often its past had been changed by then; 0 if the unit locks it.</summary>
    public (long Key, int Rewritten) Read { get; init; }
}
