using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>
/// Says under which name and version a type of the assembly is registered, so that a compilation that references the assembly can find a
/// clash.
/// </summary>
/// <param name="kind">
/// <c>event</c>, <c>alias</c> (another name of an event), <c>document</c>, <c>aggregate</c>, or <c>upcaster</c>: a step from a stored shape
/// to a type.
/// </param>
/// <param name="name">The registered name; of an upcaster: that of the shape it takes.</param>
/// <param name="version">The version of an event type or of the shape that an upcaster takes; 1 for the others.</param>
/// <param name="type">The registered type; of an upcaster: the type it makes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class GeneratedNameAttribute(string kind, string name, int version, Type type) : Attribute
{
    /// <summary>
    /// <c>event</c>, <c>alias</c> (another name of an event), <c>document</c>, <c>aggregate</c>, or <c>upcaster</c>: a step from a stored
    /// shape to a type.
    /// </summary>
    public string Kind { get; } = kind;

    /// <summary>The registered name.</summary>
    public string Name { get; } = name;

    /// <summary>The version of an event type or of the shape that an upcaster takes; 1 for the others.</summary>
    public int Version { get; } = version;

    /// <summary>The registered type.</summary>
    public Type Type { get; } = type;
}
