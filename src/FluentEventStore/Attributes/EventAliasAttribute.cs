namespace FluentEventStore;

/// <summary>
/// Gives an event another name, under which it was stored before: events of that name and of the same version are read as the marked type.
/// </summary>
/// <param name="name">The former name, 1 to 250 characters. No other event type of the version may have it.</param>
/// <remarks>Beside <see cref="EventAttribute"/>. New events are stored under the name of the event; what is stored keeps its own.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class EventAliasAttribute(string name) : Attribute
{
    /// <summary>The former name.</summary>
    public string Name { get; } = name;
}
