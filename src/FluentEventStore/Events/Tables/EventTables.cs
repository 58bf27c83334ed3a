namespace FluentEventStore.Events;

/// <summary>The names of the tables of streams, events and their tags.</summary>
internal static class EventTables
{
    public const string Streams = "streams";

    public const string Events = "events";

    /// <summary>Which events have which tags.</summary>
    public const string EventTags = "event_tags";

    /// <summary>The rows of streams that stand for events of other streams.</summary>
    public const string Links = "links";

    /// <summary>What was done to recorded events, and by whom.</summary>
    public const string Audit = "audit";

    /// <summary>The sequence of positions.</summary>
    public const string Positions = "positions";

    /// <summary>A writer's lock is keyed by the store's tag in the upper 16 bits and a position in the lower 48.</summary>
    public const long MaxPosition = (1L << 48) - 1;
}
