namespace FluentEventStore.Events;

/// <summary>Where a statement runs: one at a time, on a connection of its own.</summary>
internal sealed class Lane
{
    private HashSet<(TenantId TenantId, StreamId StreamId)>? _streams;

    /// <summary>When its statement was begun.</summary>
    public long Since { get; set; }

    /// <summary>How many units it sends, or is about to take.</summary>
    public int Count { get; set; }

    /// <summary>The units that it is sending.</summary>
    public IReadOnlyList<WaitingUnit> Units
    {
        get;
        set
        {
            field = value;
            _streams = null;
        }
    }
    = [];

    /// <summary>The streams that its units append to.</summary>
    public IReadOnlySet<(TenantId TenantId, StreamId StreamId)> Streams => _streams ??= [.. Units.SelectMany(static unit => unit.Streams)];

    /// <summary>
    /// Whether its statement waits only shortly for a lock even if it sends a single unit: others wait for locked streams already, each on
    /// a connection, and this one may be the next.
    /// </summary>
    public bool IsCautious { get; set; }

    /// <summary>Whether its statement runs in the flow of the session whose unit it sends, and so within the span of its save.</summary>
    public bool IsOfSession { get; set; }

    /// <summary>
    /// Whether it ends with its statement and no longer counts: another lane has taken its place, or it was begun beside the others for a
    /// locked stream.
    /// </summary>
    public bool IsGivenUp { get; set; }
}
