using FluentEventStore.Aggregates;

namespace FluentEventStore;

/// <summary>The views that are kept of events.</summary>
public sealed class ProjectionOptions
{
    private readonly Dictionary<Type, AggregateType> _inlineSnapshots = [];

    /// <summary>The aggregates that are kept as documents in the unit of work that appends their events.</summary>
    internal IReadOnlyCollection<AggregateType> InlineSnapshots => _inlineSnapshots.Values;

    /// <summary>Keeps an aggregate as a document whose id is its stream's.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/> that has a property <c>Id</c>.</typeparam>
    /// <exception cref="ArgumentException">The type is no aggregate, or has no <c>Id</c>.</exception>
    public ProjectionOptions Snapshot<T>(ProjectionLifecycle lifecycle)
        where T : class
    {
        if (lifecycle != ProjectionLifecycle.Inline)
            throw new ArgumentOutOfRangeException(nameof(lifecycle), lifecycle, "There is no such lifecycle.");

        if (!AggregateCatalog.TryGet<T>(out var aggregateType))
            throw new ArgumentException($"{typeof(T)} is no aggregate: it is not marked with [Aggregate].");

        if (aggregateType.Document is null)
            throw new ArgumentException($"{typeof(T)} has no property Id of a type that documents can have, so it cannot be kept as a snapshot.");

        _inlineSnapshots[typeof(T)] = aggregateType;
        return this;
    }
}
