namespace FluentEventStore;

/// <summary>A recorded event with typed data.</summary>
/// <typeparam name="T">The type of the data, or a base type or interface of it.</typeparam>
public interface IEvent<out T> : IEvent
{
    /// <inheritdoc cref="IEvent.Data"/>
    new T Data { get; }
}
