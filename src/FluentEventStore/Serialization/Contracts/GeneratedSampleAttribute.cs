using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>Carries a stored event from the contract file into the assembly, for <see cref="EventContracts"/>.</summary>
/// <param name="name">The stored name of the event.</param>
/// <param name="version">The stored version of its type.</param>
/// <param name="json">Its JSON; empty if the contract holds none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class GeneratedSampleAttribute(string name, int version, string json) : Attribute
{
    /// <summary>The stored name of the event.</summary>
    public string Name { get; } = name;

    /// <summary>The stored version of its type.</summary>
    public int Version { get; } = version;

    /// <summary>Its JSON; empty if the contract holds none.</summary>
    public string Json { get; } = json;
}
