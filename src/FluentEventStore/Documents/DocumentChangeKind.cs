namespace FluentEventStore.Documents;

/// <summary>What is done to a document, in the order in which the changes of one table are sent.</summary>
internal enum DocumentChangeKind
{
    Insert,
    Store,
    Update,
    Delete,
    InsertView,
    UpdateView,
    DeleteView,
}
