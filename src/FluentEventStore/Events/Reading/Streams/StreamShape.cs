namespace FluentEventStore.Events;

/// <summary>What the SQL for reading one stream depends on; each shape has its own text.</summary>
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

    /// <summary>A page, which may end by its weight.</summary>
    Page = 8,

    /// <summary>From the snapshot of an aggregate on, forwards.</summary>
    Kept = 16,

    /// <summary>After a row that says which state of the stream is read.</summary>
    Headed = 32,
}
