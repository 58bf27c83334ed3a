namespace FluentEventStore.Events;

/// <summary>What a unit does to one stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Ordinal">Where the stream stands in the unit: 1 is the first.</param>
/// <param name="Expected">Its expected version before the first event of the unit.</param>
/// <param name="IsStart">Whether it is to be started, which decides the exception for a conflict.</param>
/// <param name="AggregateType">The aggregate that it is started for; <see langword="null"/> if none was given.</param>
/// <param name="Count">How many events the unit appends to it.</param>
/// <param name="LinkCount">How many links it gets, after its events.</param>
/// <param name="IsUnborn">Whether it may not exist after the unit, because that only expects something of it.</param>
internal sealed record UnitStream(
    StreamId StreamId, int Ordinal, ExpectedVersion Expected, bool IsStart, string? AggregateType, int Count, int LinkCount, bool IsUnborn)
{
    /// <summary>
    /// The aggregate whose snapshot is to be written even if nothing is appended; <see langword="null"/> if there is none.
    /// </summary>
    public Type? Kept { get; init; }

    /// <summary>By how many versions the unit extends it.</summary>
    public int Length => Count + LinkCount;

    /// <summary>What the unit does with a value that the stream holds, or is to.</summary>
    public ReservationChange Change(string name, string? value, ReservationVerb verb) => new(name, value, StreamId, AggregateType, verb);

    /// <summary>What the unit wrote to it.</summary>
    /// <param name="before">Its version before.</param>
    public StreamCommit CommitAt(long before) => new(before + 1, before + Length);
}
