using System.Globalization;
using FluentEventStore.Aggregates;

namespace FluentEventStore;

/// <summary>The views that are kept of events.</summary>
public sealed class ProjectionOptions
{
    private readonly OptionsUse _use = new();
    private readonly Dictionary<Type, AggregateType> _inlineSnapshots = [];
    private readonly Dictionary<Type, SnapshotRule> _liveSnapshots = [];

    /// <summary>The aggregates that are kept as documents in the unit of work that appends their events.</summary>
    internal IReadOnlyCollection<AggregateType> InlineSnapshots => _inlineSnapshots.Values;

    /// <summary>The aggregates that are folded live and of which snapshots are kept.</summary>
    internal IReadOnlyDictionary<Type, SnapshotRule> LiveSnapshots => _liveSnapshots;

    /// <summary>
    /// Keeps a snapshot of an aggregate that is folded live from long streams: reading begins with it and folds only the events after it.
    /// What is read is the same without it. It is written when reading an aggregate had to fold 100 events.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/> that has a property <c>Id</c>.</typeparam>
    /// <remarks>
    /// Streams with links, and those with events that hold personal data or are upcast from JSON, are folded from their beginning.
    /// </remarks>
    /// <exception cref="ArgumentException">The type is no aggregate or has no <c>Id</c>, or a number is below 1.</exception>
    public ProjectionOptions SnapshotLive<T>()
        where T : class => SnapshotLive<T>(every: 100);

    /// <inheritdoc cref="SnapshotLive{T}()"/>
    /// <param name="every">How many events are folded before another snapshot is written: 1 or more.</param>
    public ProjectionOptions SnapshotLive<T>(int every)
        where T : class => SnapshotLive<T>(every, version: 1);

    /// <inheritdoc cref="SnapshotLive{T}()"/>
    /// <param name="every">How many events are folded before another snapshot is written: 1 or more.</param>
    /// <param name="version">
    /// Raise it when the aggregate's properties or methods, or upcasters of its events, change: snapshots of another version are not used.
    /// 1 or more; 1 if it is not given.
    /// </param>
    public ProjectionOptions SnapshotLive<T>(int every, int version)
        where T : class
    {
        _use.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        _liveSnapshots[typeof(T)] = new SnapshotRule(StorableTypeOf<T>(), every, string.Create(CultureInfo.InvariantCulture, $"{version}"));
        return this;
    }

    /// <summary>Keeps an aggregate as a document whose id is its stream's.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/> that has a property <c>Id</c>.</typeparam>
    /// <exception cref="ArgumentException">The type is no aggregate, or has no <c>Id</c>.</exception>
    public ProjectionOptions Snapshot<T>(ProjectionLifecycle lifecycle)
        where T : class
    {
        _use.Check();
        if (lifecycle != ProjectionLifecycle.Inline)
            throw new ArgumentOutOfRangeException(nameof(lifecycle), lifecycle, "There is no such lifecycle.");

        _inlineSnapshots[typeof(T)] = StorableTypeOf<T>();
        return this;
    }

    internal void Freeze() => _use.Begin();

    private static AggregateType<T> StorableTypeOf<T>()
        where T : class
    {
        var aggregateType = AggregateCatalog.Get<T>();
        return aggregateType.Document is null
            ? throw new ArgumentException(
                $"{typeof(T)} has no property Id of a type that documents can have, so it cannot be kept as a snapshot.")
            : aggregateType;
    }
}
