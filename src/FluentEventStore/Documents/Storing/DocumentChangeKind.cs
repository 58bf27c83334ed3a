namespace FluentEventStore.Documents;

/// <summary>What is done to a document, in the order in which the changes of one table are sent.</summary>
internal enum DocumentChangeKind
{
    Insert,
    Store,
    Update,
    Delete,

    /// <summary>Writes the snapshot of a stream, whatever its row holds: the unit has locked and checked the stream.</summary>
    StoreSnapshot,

    /// <summary>
    /// Writes the snapshot of a stream unless its row holds a later one, and fails if the past of the stream has changed.
    /// </summary>
    AdvanceSnapshot,

    /// <summary>Writes a view that has no row.</summary>
    InsertView,

    /// <summary>Writes a view whose row is as it was read.</summary>
    UpdateView,

    /// <summary>Writes a derived document that was deleted before in the same unit, as if it had no row.</summary>
    Replace,
}
