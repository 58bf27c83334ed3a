using FluentEventStore.Documents;

namespace FluentEventStore.Projections;

/// <summary>
/// What an <see cref="EventProjection"/> writes with: it collects changes of the documents that are the projection's own.
/// </summary>
internal sealed class DocumentOperations(
    Func<Type, DocumentTable> find, PendingDocuments pending, string projection) : IDocumentOperations
{
    /// <summary>Says for which event changes are from now on.</summary>
    public void Begin(IEvent @event) => pending.At = @event.Timestamp;

    public void Store<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        pending.Store(table, id, document);
    }

    public void Store<T>(IEnumerable<T> documents)
        where T : class => Each(documents, Store);

    public void Insert<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        pending.Insert(table, id, document);
    }

    public void Insert<T>(IEnumerable<T> documents)
        where T : class => Each(documents, Insert);

    public void Update<T>(T document)
        where T : class
    {
        var (table, id) = Identify(document);
        pending.Update(table, id, document);
    }

    public void Update<T>(IEnumerable<T> documents)
        where T : class => Each(documents, Update);

    public void Update<T>(T document, long expectedVersion)
        where T : class => throw Unexpected();

    public void Update<T>(T document, StoredVersion expected)
        where T : class => throw Unexpected();

    public void Delete<T>(DocumentId id)
        where T : class
    {
        var table = find(typeof(T));
        pending.Delete(table, table.Type.Convert(id));
    }

    public void Delete<T>(DocumentId id, long expectedVersion)
        where T : class => throw Unexpected();

    public void Delete<T>(DocumentId id, StoredVersion expected)
        where T : class => throw Unexpected();

    private static void Each<T>(IEnumerable<T> documents, Action<T> change)
    {
        ArgumentNullException.ThrowIfNull(documents);
        foreach (var document in documents.ToList())
            change(document);
    }

    // An id that is made up would be another one each time that the event is projected.
    private (DocumentTable Table, DocumentId Id) Identify(object document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var table = find(document.GetType());
        return table.Type.FindId(document) is { } id
            ? (table, id)
            : throw new ArgumentException(
                $"The {document.GetType().Name} has no id. The projection '{projection}' must take it from the event, so that it is the "
                    + "same whenever the event is projected.");
    }

    private NotSupportedException Unexpected() => new(
        $"The projection '{projection}' cannot expect a version: how often a document was written depends on how often it was derived.");
}
