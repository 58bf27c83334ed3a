using System.Globalization;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Projections;
using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>What a store derives from events.</summary>
public sealed class ProjectionOptions
{
    private readonly OptionsUse _use = new();
    private readonly List<DeclaredProjection> _declared = [];
    private readonly Dictionary<Type, SnapshotRule> _liveSnapshots = [];

    /// <summary>What is declared.</summary>
    internal IReadOnlyList<DeclaredProjection> Declared => _declared;

    /// <summary>The aggregates that are kept as documents.</summary>
    internal IReadOnlyList<DeclaredSnapshot> Snapshots => [.. _declared.OfType<DeclaredSnapshot>()];

    /// <summary>The projections that keep views of many streams.</summary>
    internal IReadOnlyList<DeclaredViews> Views => [.. _declared.OfType<DeclaredViews>()];

    /// <summary>The projections that do what they want with documents.</summary>
    internal IReadOnlyList<DeclaredOperations> Operations => [.. _declared.OfType<DeclaredOperations>()];

    /// <summary>The types of documents that are derived.</summary>
    internal IReadOnlyList<DerivedType> Derived => [.. _declared.SelectMany(static one => one.Derived)];

    /// <summary>What a daemon carries.</summary>
    internal IReadOnlyList<Declaration> Carried =>
        [.. _declared.Where(static one => one.Lifecycle == ProjectionLifecycle.Async).SelectMany(static one => one.Declare())];

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
    /// <exception cref="ArgumentException">The type is no aggregate, has no <c>Id</c>, or is kept already.</exception>
    public ProjectionOptions Snapshot<T>(ProjectionLifecycle lifecycle)
        where T : class => Snapshot<T>(lifecycle, static _ => { });

    /// <inheritdoc cref="Snapshot{T}(ProjectionLifecycle)"/>
    /// <param name="lifecycle">When it is brought up to date. Reading gives the same, whatever it is.</param>
    /// <param name="declare">Says how a daemon keeps it. Called at once.</param>
    /// <exception cref="ArgumentException">
    /// The type is no aggregate, has no <c>Id</c>, or is kept already. Or what is declared does not fit: settings for a daemon of what is
    /// kept inline, or <see cref="ProjectionBuilder.SwitchByCommand"/>.
    /// </exception>
    public ProjectionOptions Snapshot<T>(ProjectionLifecycle lifecycle, Action<ProjectionBuilder> declare)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(declare);
        return Add(lifecycle, declare, builder => builder.IsSwitchedByCommand
            ? throw new ArgumentException("Reading gives the same from every version of a snapshot: it is not switched.", nameof(declare))
            : new DeclaredSnapshot(StorableTypeOf<T>(), lifecycle, builder));
    }

    /// <summary>Adds a projection.</summary>
    /// <typeparam name="T">A class marked with <see cref="ProjectionAttribute"/>.</typeparam>
    /// <param name="lifecycle">When what it derives is brought up to date.</param>
    /// <exception cref="ArgumentException">
    /// It is not known, or another one has its name or writes the same documents.
    /// </exception>
    public ProjectionOptions Add<T>(ProjectionLifecycle lifecycle)
        where T : Projection, new() => Add(new T(), lifecycle);

    /// <inheritdoc cref="Add{T}(ProjectionLifecycle)"/>
    /// <param name="lifecycle">When what it derives is brought up to date.</param>
    /// <param name="declare">Says how a daemon keeps it. Called at once.</param>
    public ProjectionOptions Add<T>(ProjectionLifecycle lifecycle, Action<ProjectionBuilder> declare)
        where T : Projection, new() => Add(new T(), lifecycle, declare);

    /// <inheritdoc cref="Add{T}(ProjectionLifecycle)"/>
    /// <param name="projection">The projection. It serves all databases of the store, and several threads.</param>
    /// <param name="lifecycle">When what it derives is brought up to date.</param>
    public ProjectionOptions Add(Projection projection, ProjectionLifecycle lifecycle) => Add(projection, lifecycle, static _ => { });

    /// <inheritdoc cref="Add(Projection, ProjectionLifecycle)"/>
    /// <param name="projection">The projection. It serves all databases of the store, and several threads.</param>
    /// <param name="lifecycle">When what it derives is brought up to date.</param>
    /// <param name="declare">Says how a daemon keeps it. Called at once.</param>
    public ProjectionOptions Add(Projection projection, ProjectionLifecycle lifecycle, Action<ProjectionBuilder> declare)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(declare);
        return Add(ProjectionCatalog.Get(projection.GetType()), projection, lifecycle, declare);
    }

    internal ProjectionOptions Add(
        ProjectionType type, Projection projection, ProjectionLifecycle lifecycle, Action<ProjectionBuilder> declare)
    {
        return Add(lifecycle, declare, builder => builder.DeclaredVersion is null
            ? type.Declare(projection, lifecycle, builder)
            : throw new ArgumentException($"The version of '{type.Name}' stands in its [Projection].", nameof(declare)));
    }

    private ProjectionOptions Add(
        ProjectionLifecycle lifecycle, Action<ProjectionBuilder> declare, Func<ProjectionBuilder, DeclaredProjection> make)
    {
        _use.Check();
        if (!Enum.IsDefined(lifecycle))
            throw new ArgumentOutOfRangeException(nameof(lifecycle), lifecycle, "There is no such lifecycle.");

        var builder = new ProjectionBuilder();
        declare(builder);
        if (lifecycle == ProjectionLifecycle.Inline && builder.HasSettings)
            throw new ArgumentException(
                "What is kept inline is written by units of work: only a daemon has ranges and retries.", nameof(declare));

        var added = make(builder);
        foreach (var other in _declared)
            added.CheckBeside(other);

        _declared.Add(added);
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
