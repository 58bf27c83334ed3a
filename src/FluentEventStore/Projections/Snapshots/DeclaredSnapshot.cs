using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>An aggregate that is kept as documents.</summary>
internal sealed class DeclaredSnapshot(AggregateType aggregate, ProjectionLifecycle lifecycle, ProjectionBuilder settings)
    : DeclaredProjection(aggregate.Name, settings.DeclaredVersion ?? 1, lifecycle)
{
    public AggregateType Aggregate => aggregate;

    public override IReadOnlyList<Type> EventTypes => aggregate.EventTypes;

    public override IReadOnlyList<DerivedType> Derived { get; } =
        [new DerivedType(aggregate.Document!, aggregate.Name, settings.DeclaredVersion ?? 1, IsOfStreams: true)];

    public override int Slots => 1;

    public override bool IsSwitchedByCommand => settings.IsSwitchedByCommand;

    protected override Declaration Declare(ProjectionBuild build)
    {
        var pages = new SnapshotPages(aggregate);
        var builder = NewBuilder()
            .PartitionByStream(settings.DeclaredConcurrency ?? UsualConcurrency)
            .HandleLargePages((events, context) => pages.HandleAsync(events, context, context.CancellationToken));
        settings.Apply(builder);
        return builder.Build(build.Subscription);
    }
}
