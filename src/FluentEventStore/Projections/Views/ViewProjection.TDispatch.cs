namespace FluentEventStore.Projections;

internal sealed class ViewProjection<TProjection, TView, TDispatch>(string name, int version, bool isOfStore)
    : ViewProjection(name, version, isOfStore, typeof(TProjection), typeof(TView))
    where TProjection : Projection
    where TView : class
    where TDispatch : struct, IViewDispatch<TProjection, TView>
{
    public override IReadOnlyList<Type> EventTypes => TDispatch.EventTypes;

    public override bool NamesOneView => TDispatch.NamesOneView;

    public override void Identify(Projection projection, IEvent @event, ViewIds ids) =>
        TDispatch.Identify((TProjection)projection, @event, ids);

    public override object? Fold(Projection projection, object? view, IEvent @event) =>
        TDispatch.Fold((TProjection)projection, (TView?)view, @event);
}
