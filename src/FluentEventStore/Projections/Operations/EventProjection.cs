using FluentEventStore.Projections;

namespace FluentEventStore;

/// <summary>
/// Does what it wants with documents for each event. Derive a partial class from it, mark it with <see cref="ProjectionAttribute"/>, and
/// declare methods <c>Project</c>, static or not, that return nothing or a task. Each takes an event, as itself, as <see cref="IEvent{T}"/>
/// or as <see cref="IEvent"/>, and <see cref="IDocumentOperations"/>; a <see cref="CancellationToken"/> too if it wants one.
/// </summary>
/// <remarks>
/// The types that it writes are found in the calls of <see cref="IDocumentOperations"/> that stand in its methods, beside the attribute;
/// <see cref="WritesAttribute{T}"/> names others. Nobody else writes them. The methods are called in the order of the log and more than
/// once for the same event: they depend on nothing but what they are given. An instance serves several threads.
/// </remarks>
public abstract class EventProjection : Projection;
