using FluentEventStore.Documents;

namespace FluentEventStore.Projections;

/// <summary>A type of projections that keep views of many streams.</summary>
internal abstract class ViewProjection(string name, int version, bool isOfStore, Type clrType, Type viewType)
    : ProjectionType(name, version, isOfStore, clrType)
{
    /// <summary>The views.</summary>
    public DocumentType View => field ??= DocumentCatalog.TryGet(viewType, out var type)
        ? type
        : throw new ArgumentException($"{viewType}, which '{Name}' keeps, is not known as a document.");

    /// <summary>Whether an event concerns one view at most.</summary>
    public abstract bool NamesOneView { get; }

    public abstract void Identify(Projection projection, IEvent @event, ViewIds ids);

    public abstract object? Fold(Projection projection, object? view, IEvent @event);

    public sealed override DeclaredProjection Declare(Projection projection, ProjectionLifecycle lifecycle, ProjectionBuilder settings) =>
        new DeclaredViews(this, projection, lifecycle, settings);
}
