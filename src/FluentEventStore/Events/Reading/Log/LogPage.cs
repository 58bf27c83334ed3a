using System.Runtime.ExceptionServices;

namespace FluentEventStore.Events;

/// <summary>A part of the settled log.</summary>
/// <param name="Events">The events that pass the filter, in reading order.</param>
/// <param name="ReadTo">
/// The position up to which the log is read, whether its events passed or not; backwards, the one down to which. It is not above that of a
/// settled event, so that no event can get it later.
/// </param>
/// <param name="Failure">Why the event after the last one cannot be read; <see langword="null"/> if the whole page was read.</param>
internal readonly record struct LogPage(List<IEvent> Events, long ReadTo, ExceptionDispatchInfo? Failure)
{
    /// <summary>What its events weigh, in units of <see cref="PageWeight.BytesOfUnit"/>.</summary>
    public long Weight { get; init; }
}
