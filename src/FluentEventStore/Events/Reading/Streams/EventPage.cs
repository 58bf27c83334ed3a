using System.Runtime.ExceptionServices;

namespace FluentEventStore.Events;

/// <summary>A part of a stream.</summary>
/// <param name="Events">The events, in reading order.</param>
/// <param name="LastVersion">The version of the last row, which may be a link that leads nowhere any more.</param>
/// <param name="IsLast">Whether nothing comes after it.</param>
/// <param name="Failure">Why the event after the last one cannot be read; <see langword="null"/> if the whole page was read.</param>
/// <param name="Past">The past of the stream; <see langword="null"/> if it is not there or hidden.</param>
internal readonly record struct EventPage(
    List<IEvent> Events, long LastVersion, bool IsLast, ExceptionDispatchInfo? Failure, StreamPast? Past);
