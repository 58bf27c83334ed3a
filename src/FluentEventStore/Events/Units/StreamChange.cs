namespace FluentEventStore.Events;

/// <summary>A change that a unit makes of a stream as a whole.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Verb">What is done to it.</param>
/// <param name="Version">
/// Of <see cref="StreamVerb.Truncate"/>: the lowest version that is kept; of <see cref="StreamVerb.Compact"/>: the highest that is
/// replaced; otherwise 0.
/// </param>
/// <param name="Replacement">Of <see cref="StreamVerb.Compact"/>: the event that replaces others.</param>
internal readonly record struct StreamChange(UnitStream Stream, StreamVerb Verb, long Version, Replacement? Replacement)
{
    /// <summary>Whether the change comes before the events of the unit, because it opens the stream to events again.</summary>
    public bool Revives => StageOf(Verb) == StreamStage.Revived;

    /// <summary>Whether the stream is hidden afterwards.</summary>
    public bool Hides => Verb is StreamVerb.Archive or StreamVerb.Delete or StreamVerb.Tombstone or StreamVerb.HardDelete;

    /// <summary>Whether the past of the stream changes.</summary>
    public bool Rewrites => Verb is StreamVerb.Truncate or StreamVerb.Compact;

    /// <summary>The stage in which a verb is done.</summary>
    public static StreamStage StageOf(StreamVerb verb) => verb switch
    {
        StreamVerb.Unarchive or StreamVerb.Undelete => StreamStage.Revived,
        StreamVerb.Tombstone or StreamVerb.HardDelete => StreamStage.Erased,
        _ => StreamStage.Changed,
    };
}
