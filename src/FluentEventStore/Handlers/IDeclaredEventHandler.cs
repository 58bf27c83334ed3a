namespace FluentEventStore;

/// <summary>
/// An event handler whose type says which events it takes, so that they are known before there is an instance. A class marked with
/// <see cref="EventHandlerAttribute"/> implements it.
/// </summary>
public interface IDeclaredEventHandler : IEventHandler
{
    /// <summary>What <see cref="IEventHandler.EventTypes"/> of each instance are.</summary>
    static abstract IReadOnlyList<Type> HandledEvents { get; }
}
