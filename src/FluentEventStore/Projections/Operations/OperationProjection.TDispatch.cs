namespace FluentEventStore.Projections;

internal sealed class OperationProjection<TProjection, TDispatch>(string name, int version, bool isOfStore)
    : OperationProjection(name, version, isOfStore, typeof(TProjection))
    where TProjection : Projection
    where TDispatch : struct, IOperationDispatch<TProjection>
{
    public override IReadOnlyList<Type> EventTypes => TDispatch.EventTypes;

    protected override IReadOnlyList<Type> DocumentTypes => TDispatch.DocumentTypes;

    public override ValueTask ProjectAsync(
        Projection projection, IEvent @event, IDocumentOperations operations, CancellationToken cancellationToken) =>
        TDispatch.ProjectAsync((TProjection)projection, @event, operations, cancellationToken);
}
