using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>An aggregate that is kept as documents.</summary>
internal sealed class DeclaredSnapshot(AggregateType aggregate, ProjectionLifecycle lifecycle, ProjectionBuilder settings)
    : DeclaredProjection(aggregate.Name, settings.DeclaredVersion ?? 1, lifecycle)
{
    /// <summary>In how many ranges it is kept, unless the options say otherwise.</summary>
    private const int UsualConcurrency = 4;

    public AggregateType Aggregate => aggregate;

    public override IReadOnlyList<DerivedType> Derived { get; } =
        [new DerivedType(aggregate.Document!, settings.DeclaredVersion ?? 1, IsOfStreams: true)];

    public override Declaration Declare()
    {
        var builder = new SubscriptionBuilder()
            .FromBeginning()
            .Filter(Narrow)
            .PartitionByStream(settings.DeclaredConcurrency ?? UsualConcurrency)
            .HandlePages(new SnapshotPages(aggregate).HandleAsync)
            .Version(Version);
        settings.Apply(builder);
        return builder.Build(Name);
    }

    private void Narrow(EventFilter filter)
    {
        if (!aggregate.EventTypes.Contains(typeof(object)))
            filter.OfTypes(EventCatalog.NamesReadAs(aggregate.EventTypes));
    }
}
