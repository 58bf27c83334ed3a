namespace FluentEventStore;

/// <summary>
/// Marks a partial class or record as an aggregate: a state folded from the events of one stream by its methods <c>Create</c>, <c>Apply</c>
/// and <c>ShouldDelete</c>. The source generator writes the dispatch to them. An aggregate with a property <c>Id</c> can also be kept as a
/// document.
/// </summary>

[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AggregateAttribute : Attribute
{
    /// <summary>Takes the type's name in kebab case.</summary>
    public AggregateAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The name stored as the stream's aggregate type and used for the snapshot's table; the same characters as in
    /// <see cref="DocumentAttribute"/>. <see langword="null"/>: the type's name in kebab case.
    /// </param>
    public AggregateAttribute(string? name) => Name = name;

    /// <summary>The name as given; <see langword="null"/> stands for the kebab-case type name.</summary>
    public string? Name { get; }
}
