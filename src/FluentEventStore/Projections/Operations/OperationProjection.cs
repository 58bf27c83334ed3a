using FluentEventStore.Documents;

namespace FluentEventStore.Projections;

/// <summary>A type of projections that do what they want with documents.</summary>
internal abstract class OperationProjection(string name, int version, bool isOfStore, Type clrType)
    : ProjectionType(name, version, isOfStore, clrType)
{
    /// <summary>What it writes.</summary>
    public IReadOnlyList<DocumentType> Documents =>
        field ??= [.. DocumentTypes.Select(type => DocumentCatalog.TryGet(type, out var found)
            ? found
            : throw new ArgumentException($"{type}, which '{Name}' writes, is not known as a document."))];

    protected abstract IReadOnlyList<Type> DocumentTypes { get; }

    public abstract ValueTask ProjectAsync(
        Projection projection, IEvent @event, IDocumentOperations operations, CancellationToken cancellationToken);

    public sealed override DeclaredProjection Declare(Projection projection, ProjectionLifecycle lifecycle, ProjectionBuilder settings) =>
        new DeclaredOperations(this, projection, lifecycle, settings);
}
