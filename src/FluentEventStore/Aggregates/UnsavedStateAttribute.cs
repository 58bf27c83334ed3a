using System.ComponentModel;

namespace FluentEventStore.Aggregates;

/// <summary>
/// Names what an aggregate keeps but a snapshot would not hold. So a compilation that references its assembly can warn where it is kept as
/// one.
/// </summary>
/// <param name="members">The fields and properties, with the names of their types.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class UnsavedStateAttribute(params string[] members) : Attribute
{
    /// <summary>The fields and properties, with the names of their types.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}
