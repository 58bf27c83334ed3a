namespace FluentEventStore;

/// <summary>
/// Marks a projection: what derives views from events. The generator finds its methods; <see cref="ProjectionOptions"/> says when they are
/// called.
/// </summary>
/// <param name="name">
/// The stored name, under which its progress is kept: lower-case letters, digits and hyphens. Without one, the kebab-case name of the type,
/// without <c>Projection</c> at its end.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ProjectionAttribute(string? name = null) : Attribute
{
    /// <summary>The stored name; <see langword="null"/> for that of the type.</summary>
    public string? Name { get; } = name;

    /// <summary>
    /// The version of what is derived. Raise it whenever it would be derived differently: the new version is built in tables of its own.
    /// </summary>
    /// <value>1 to 999. Default: 1.</value>
    public int Version { get; init; } = 1;

    /// <summary>Whether its views are those of one tenant each, or of all together.</summary>
    /// <value>Default: <see cref="ProjectionTenancy.Tenant"/>.</value>
    public ProjectionTenancy Tenancy { get; init; }
}
