namespace FluentEventStore;

/// <summary>
/// Gives an event a former name, under which it was stored before. Events of that name and of the same version are read as the marked type.
/// </summary>
/// <param name="name">The former name, 1 to 250 characters. No other event type of the version may have it.</param>
/// <remarks>
/// Stands beside <see cref="EventAttribute"/>. New events are stored under the name of the event; stored events keep their own.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class EventAliasAttribute(string name) : Attribute
{
    /// <summary>The former name.</summary>
    public string Name { get; } = name;
}
