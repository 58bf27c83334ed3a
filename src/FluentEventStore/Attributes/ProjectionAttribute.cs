namespace FluentEventStore;

/// <summary>
/// Marks a projection: what derives views from events. The generator finds its methods; <c>ProjectionOptions.Add</c> says when they are
/// called.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ProjectionAttribute : Attribute
{
    /// <summary>Takes the type's name in kebab case, without <c>Projection</c> at its end.</summary>
    public ProjectionAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The stored name, under which progress is kept; lower-case letters, digits, <c>-</c> and <c>_</c>, 1 to 50 characters.
    /// <see langword="null"/>: as without one.
    /// </param>
    public ProjectionAttribute(string? name) => Name = name;

    /// <summary>The name as given; <see langword="null"/> for that of the type.</summary>
    public string? Name { get; }

    /// <summary>
    /// The version of what is derived. Raise it whenever it would be derived differently: the new version is built in tables of its own.
    /// </summary>
    /// <value>1 to 999. Default: 1.</value>
    public int Version { get; init; } = 1;

    /// <summary>Whether its views are those of one tenant each, or of all together.</summary>
    /// <value>Default: <see cref="ProjectionTenancy.Tenant"/>.</value>
    public ProjectionTenancy Tenancy { get; init; }
}
