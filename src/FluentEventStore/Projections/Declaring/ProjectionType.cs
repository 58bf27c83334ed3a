namespace FluentEventStore.Projections;

/// <summary>A type of projections, as generated code registers it.</summary>
internal abstract class ProjectionType(string name, int version, bool isOfStore, Type clrType)
{
    public string Name { get; } = name;

    public int Version { get; } = version;

    /// <summary>Whether what it derives is of all tenants together.</summary>
    public bool IsOfStore { get; } = isOfStore;

    public Type ClrType { get; } = clrType;

    /// <summary>
    /// The types of events that concern it, or base types and interfaces of them. <see cref="object"/> stands for every event.
    /// </summary>
    public abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>The projection as a store declares it.</summary>
    public abstract DeclaredProjection Declare(Projection projection, ProjectionLifecycle lifecycle, ProjectionBuilder settings);
}
