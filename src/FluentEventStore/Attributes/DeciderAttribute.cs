namespace FluentEventStore;

/// <summary>
/// Marks a partial class as a decider: what a command does to a stream. The source generator writes the dispatch to its methods
/// <c>Decide</c> and <c>Evolve</c>. A static class gets a property <c>Decider</c>; any other class implements <c>IDecider&lt;TState&gt;</c>
/// itself.
/// </summary>
/// <remarks>
/// <c>Initial</c> is a property or field: the state of a stream without events. <c>Decide</c> takes a command and, if it wants them, the
/// state and a <see cref="CancellationToken"/>; it returns an event, a sequence of events, or a task of these. <c>Evolve</c> takes an
/// event, as the methods of an aggregate do, and the state, and returns the state after it; an event without a method changes nothing.
/// Parameters stand in any order, and the method for the most derived type is called. A decider without <c>Initial</c> and <c>Evolve</c>
/// decides over an aggregate, which folds itself.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DeciderAttribute : Attribute;
