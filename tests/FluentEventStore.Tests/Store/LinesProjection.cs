namespace FluentEventStore.Tests.Store;

/// <summary>A line for each event.</summary>
[Document]
public sealed record EventLine
{
    public Guid Id { get; init; }
}

[Projection]
public sealed partial class LinesProjection : EventProjection
{
    public static void Project(IEvent e, IDocumentOperations operations) => operations.Store(new EventLine { Id = e.Id });
}
