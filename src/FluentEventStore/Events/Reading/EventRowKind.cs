namespace FluentEventStore.Events;

/// <summary>
/// What a row is that stands where events are read. One that is no event has no event id, and its kind in the place of the type, as this
/// character.
/// </summary>
internal enum EventRowKind
{
    /// <summary>There is no row any more.</summary>
    None = 0,
    Event = 1,

    /// <summary>A link whose event was removed or replaced, or is hidden in its own stream.</summary>
    Gone = 'g',

    /// <summary>The stream has links, and is to be read with them: this comes instead of its events.</summary>
    Linked = 'l',

    /// <summary>Where a folding begins: which stream it is, and the state that was kept of it.</summary>
    Start = 's',

    /// <summary>An inline snapshot, and the stream that it is of.</summary>
    Snapshot = 'i',
}
