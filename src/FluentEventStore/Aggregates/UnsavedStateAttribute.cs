using System.ComponentModel;

namespace FluentEventStore.Aggregates;

/// <summary>
/// Says what an aggregate keeps and a snapshot would not hold, so that a compilation that references its assembly can tell where it is kept
/// as one.
/// </summary>
/// <param name="members">The fields and properties, with the names of their types.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class UnsavedStateAttribute(params string[] members) : Attribute
{
    /// <summary>The fields and properties, with the names of their types.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}
