namespace FluentEventStore.Events;

/// <summary>What a unit does to one stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Ordinal">Where the stream stands in the unit: 1 is the first.</param>
/// <param name="Expected">What it is expected to be at before the first event of the unit.</param>
/// <param name="IsStart">Whether it is to be started, which decides how a conflict is told.</param>
/// <param name="AggregateType">The aggregate that it is started for; <see langword="null"/> where none was said.</param>
/// <param name="Count">How many events the unit appends to it.</param>
/// <param name="LinkCount">How many links. They come after its events.</param>
/// <param name="IsUnborn">Whether it may not exist after the unit, which only expects something of it.</param>
internal sealed record UnitStream(
    StreamId StreamId, int Ordinal, ExpectedVersion Expected, bool IsStart, string? AggregateType, int Count, int LinkCount, bool IsUnborn)
{
    /// <summary>
    /// The aggregate whose snapshot of the stream is to be written though nothing is appended; <see langword="null"/> where none is.
    /// </summary>
    public Type? Kept { get; init; }

    /// <summary>By how many versions the unit makes it longer.</summary>
    public int Length => Count + LinkCount;

    /// <summary>What the unit wrote to it.</summary>
    /// <param name="before">The version that it was at before.</param>
    public StreamCommit CommitAt(long before) => new(before + 1, before + Length);
}
