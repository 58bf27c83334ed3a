namespace FluentEventStore.Events;

/// <summary>
/// What a row is among those that are read as events. A row that is no event has no event id; in the place of the type it has its kind, as
/// this character.
/// </summary>
internal enum EventRowKind
{
    /// <summary>There is no row any more.</summary>
    None = 0,
    Event = 1,

    /// <summary>The stream, before its events.</summary>
    Head = 'h',

    /// <summary>A link whose event was removed or replaced, or is hidden in its own stream.</summary>
    Gone = 'g',

    /// <summary>The stream has links and is to be read with them. This comes instead of its events.</summary>
    Linked = 'l',

    /// <summary>Where folding begins: the stream, and the snapshot of it.</summary>
    Start = 's',

    /// <summary>An inline snapshot, and the stream that it is of.</summary>
    Snapshot = 'i',
}
