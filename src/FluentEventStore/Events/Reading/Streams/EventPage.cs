using System.Runtime.ExceptionServices;

namespace FluentEventStore.Events;

/// <summary>A part of a stream.</summary>
/// <param name="Events">The events, in reading order.</param>
/// <param name="LastVersion">The version of the last row that was looked at, which may be a link that leads nowhere any more.</param>
/// <param name="IsLast">Whether nothing comes after it.</param>
/// <param name="Failure">Why the event after the last one cannot be read; <see langword="null"/> where all of the page were.</param>
/// <param name="Past">Where the stream began; <see langword="null"/> where it is not there or hidden.</param>
internal readonly record struct EventPage(
    List<IEvent> Events, long LastVersion, bool IsLast, ExceptionDispatchInfo? Failure, StreamPast? Past);
