using FluentEventStore.Documents;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>Something that is derived from events, as the options of a store declare it.</summary>
/// <param name="name">Its name, under which a daemon keeps its progress.</param>
/// <param name="version">Its version.</param>
/// <param name="lifecycle">When it is brought up to date.</param>
internal abstract class DeclaredProjection(string name, int version, ProjectionLifecycle lifecycle)
{
    public string Name { get; } = name;

    public int Version { get; } = version;

    public ProjectionLifecycle Lifecycle { get; } = lifecycle;

    /// <summary>In how many ranges it is kept, unless the options say otherwise.</summary>
    protected const int UsualConcurrency = 4;

    /// <summary>
    /// The types of events that concern it, or base types and interfaces of them. <see cref="object"/> stands for every event.
    /// </summary>
    public abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>The documents that it writes: nobody else does.</summary>
    public abstract IReadOnlyList<DerivedType> Derived { get; }

    /// <summary>How many tables there are to build it in.</summary>
    public abstract int Slots { get; }

    /// <summary>Whether it is switched to by command alone, once it is built.</summary>
    public abstract bool IsSwitchedByCommand { get; }

    /// <summary>The subscriptions by which a daemon keeps it: one for each table that it can be built in.</summary>
    public IEnumerable<Declaration> Declare() => Enumerable.Range(0, Slots).Select(slot =>
    {
        var build = new ProjectionBuild(Name, Version, slot);
        return Declare(build) with { Build = build };
    });

    /// <summary>The subscription that keeps one of its tables.</summary>
    protected abstract Declaration Declare(ProjectionBuild build);

    /// <summary>Whether events of a type, as they are read, concern it.</summary>
    public bool Takes(Type eventType) => EventTypes.Any(type => type.IsAssignableFrom(eventType));

    /// <summary>A subscription to what concerns it, from the beginning of the log.</summary>
    protected SubscriptionBuilder NewBuilder()
    {
        var builder = new SubscriptionBuilder().FromBeginning();
        return EventTypes.Contains(typeof(object))
            ? builder
            : builder.Filter(filter => filter.OfTypes(EventCatalog.NamesReadAs(EventTypes)));
    }

    /// <exception cref="ArgumentException">It has the name of another one, or writes the same documents.</exception>
    public void CheckBeside(DeclaredProjection other)
    {
        if (Derived.Select(static one => one.Type).Intersect(other.Derived.Select(static one => one.Type)).FirstOrDefault() is { } shared)
            throw new ArgumentException(
                $"The projections '{other.Name}' and '{Name}' both write {shared.ClrType.Name}: rebuilding one would wipe what the other "
                    + "wrote. Give each a type of its own.");

        if (other.Name == Name)
            throw new ArgumentException($"Two projections are named '{Name}': each has its own progress.");
    }
}
