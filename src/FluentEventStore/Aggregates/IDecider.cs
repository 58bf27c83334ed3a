namespace FluentEventStore;

/// <summary>
/// What commands do to a stream: the state that its events lead to, and the events that a command leads to. A class marked with
/// <see cref="DeciderAttribute"/> is one, or has one in its property <c>Decider</c>.
/// </summary>
/// <typeparam name="TState">The type of the state.</typeparam>
public interface IDecider<TState>
{
    /// <summary>The state of a stream without events.</summary>
    TState Initial { get; }

    /// <summary>Decides what a command leads to.</summary>
    /// <param name="command">The command.</param>
    /// <param name="state">The state that the stream is in.</param>
    /// <param name="cancellationToken">Passed on to the method.</param>
    /// <returns>The events to append, in order; empty if nothing happens.</returns>
    /// <exception cref="ArgumentException">There is no method <c>Decide</c> for the type of the command.</exception>
    ValueTask<IEnumerable<object>> DecideAsync(object command, TState state, CancellationToken cancellationToken = default);

    /// <summary>Folds one event.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">The event, in the order of the stream.</param>
    /// <returns>The state after the event; the same if there is no method <c>Evolve</c> for its type.</returns>
    TState Evolve(TState state, IEvent @event);
}
