using FluentEventStore.Documents;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>A projection that does what it wants with documents, as a store declares it.</summary>
internal sealed class DeclaredOperations(
    OperationProjection type, Projection projection, ProjectionLifecycle lifecycle, ProjectionBuilder settings)
    : DeclaredProjection(type.Name, type.Version, lifecycle)
{
    public override IReadOnlyList<Type> EventTypes => type.EventTypes;

    public override IReadOnlyList<DerivedType> Derived => field ??=
        [.. type.Documents.Select(one => new DerivedType(one, Name, Version, IsOfStreams: false) { IsOfStore = type.IsOfStore })];

    public override int Slots => 2;

    public override bool IsSwitchedByCommand => settings.IsSwitchedByCommand;

    /// <summary>Does for one event what the projection wants.</summary>
    /// <exception cref="ProjectionException">The projection failed.</exception>
    public async ValueTask ProjectAsync(IEvent @event, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        try
        {
            await type.ProjectAsync(projection, @event, operations, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or OperationCanceledException))
        {
            throw new ProjectionException(Name, DispatchedEvent.MetadataOf(@event).Location, failure.Message, failure);
        }
    }

    // Events of different streams may write one document.
    protected override Declaration Declare(ProjectionBuild build)
    {
        if (settings.DeclaredConcurrency > 1)
            throw new ArgumentException($"The projection '{Name}' cannot be split: which documents an event concerns is not known before.");

        var builder = NewBuilder()
            .PartitionBy(Partition.ByTenant, concurrency: 1)
            .HandleLargePages((events, context) => HandleAsync(build.Slot, events, context, context.CancellationToken));
        settings.Apply(builder);
        return builder.Build(build.Subscription) with { IsOfStore = type.IsOfStore };
    }

    private async Task HandleAsync(
        int slot, IReadOnlyList<IEvent> events, SubscriptionContext context, CancellationToken cancellationToken)
    {
        var session = (Sessions.PageSession)context.Session;
        var pending = new PendingDocuments();
        var operations = new DocumentOperations(
            type => session.Source.Documents.GetBuilt(Checked(type), slot), pending, Name);
        foreach (var @event in events)
        {
            operations.Begin(@event);
            await ProjectAsync(@event, operations, cancellationToken).ConfigureAwait(false);
        }

        if (!pending.IsEmpty)
            session.Derive(pending.Describe);
    }

    /// <summary>The type, if the projection may write it.</summary>
    /// <exception cref="ArgumentException">It may not: a rebuild would not know of it.</exception>
    public Type Checked(Type document) => type.Documents.Any(one => one.ClrType == document)
        ? document
        : throw new ArgumentException(
            $"The projection '{Name}' is not known to write {document}: mark it with [Writes<{document.Name}>].");
}
