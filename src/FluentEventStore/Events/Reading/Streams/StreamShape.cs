namespace FluentEventStore.Events;

/// <summary>What the SQL of a reading of one stream depends on; one text each.</summary>
[Flags]
internal enum StreamShape
{
    /// <summary>All events of a range of versions, forwards.</summary>
    None = 0,
    Backwards = 1,

    /// <summary>As the stream was at a time.</summary>
    Until = 2,

    /// <summary>With the events that the stream links to.</summary>
    Linked = 4,

    /// <summary>A page, which its weight ends too.</summary>
    Page = 8,

    /// <summary>From the state on that was kept of an aggregate, forwards.</summary>
    Kept = 16,
}
