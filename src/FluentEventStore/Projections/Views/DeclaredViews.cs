using FluentEventStore.Documents;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>A projection that keeps views of many streams, as a store declares it.</summary>
internal sealed class DeclaredViews(
    ViewProjection type, Projection projection, ProjectionLifecycle lifecycle, ProjectionBuilder settings)
    : DeclaredProjection(type.Name, type.Version, lifecycle)
{
    public DocumentType View => type.View;

    /// <summary>Whether its views are of all tenants together.</summary>
    public bool IsOfStore => type.IsOfStore;

    public override IReadOnlyList<Type> EventTypes => type.EventTypes;

    public override IReadOnlyList<DerivedType> Derived =>
        field ??= [new DerivedType(type.View, Name, Version, IsOfStreams: false) { IsOfStore = IsOfStore }];

    /// <summary>Says which views an event concerns.</summary>
    /// <exception cref="ProjectionException">The projection failed, or named no id of a document.</exception>
    public IReadOnlyList<DocumentId> Identify(IEvent @event)
    {
        var ids = new ViewIds();
        try
        {
            type.Identify(projection, @event, ids);
            return ids.All;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Failed(@event, failure.Message, failure);
        }
    }

    /// <summary>Folds one event.</summary>
    /// <exception cref="ProjectionException">The projection failed, or gave the view another id.</exception>
    public object? Fold(DocumentId id, object? view, IEvent @event)
    {
        object? folded;
        try
        {
            folded = type.Fold(projection, view, @event);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Failed(@event, failure.Message, failure);
        }

        return folded is not null && type.View.IdentifyAs(folded, id) is { } other
            ? throw Failed(@event, $"it gave the {type.View.ClrType.Name} '{id}' the id '{other}'.", failure: null)
            : folded;
    }

    public override int Slots => 2;

    public override bool IsSwitchedByCommand => settings.IsSwitchedByCommand;

    protected override Declaration Declare(ProjectionBuild build)
    {
        var concurrency = settings.DeclaredConcurrency ?? (type.NamesOneView && !IsOfStore ? UsualConcurrency : 1);
        if (concurrency > 1 && (!type.NamesOneView || IsOfStore))
            throw new ArgumentException(
                $"The projection '{Name}' cannot be split: an event may concern several views, or views are of all tenants.");

        var pages = new ViewPages(this, build.Slot);
        var builder = NewBuilder()
            .PartitionBy(type.NamesOneView ? Partition.By("view", KeyOf) : Partition.ByTenant, concurrency)
            .HandleLargePages((events, context) => pages.HandleAsync(events, context, context.CancellationToken));
        settings.Apply(builder);
        return builder.Build(build.Subscription) with { IsOfStore = IsOfStore };
    }

    private string? KeyOf(IEvent @event) => Identify(@event) is [var id] ? id.ToString() : null;

    private ProjectionException Failed(IEvent @event, string problem, Exception? failure) =>
        new(Name, DispatchedEvent.MetadataOf(@event).Location, problem, failure);
}
