namespace FluentEventStore.Projections;

/// <summary>A snapshot that a unit of work concerns.</summary>
/// <param name="Reader">Reads it.</param>
/// <param name="Turn">What the unit makes of its stream.</param>
internal sealed record SnapshotConcern(SnapshotReader Reader, StreamTurn Turn)
{
    public DocumentId DocumentId { get; } = Reader.Table.Type.Convert(Turn.Stream.StreamId);
}
