namespace FluentEventStore.AspNetCore;

/// <summary>A page of the events of a stream, as answers show it.</summary>
/// <param name="Events">The events; none beyond the end of the stream.</param>
/// <param name="Next">
/// The cursor of the page that follows; <see langword="null"/> if there are no more events. To ask later for what was appended meanwhile,
/// begin after the version of the last event.
/// </param>
public sealed record EventPageAnswer(IReadOnlyList<EventAnswer> Events, string? Next);
