namespace FluentEventStore.Subscriptions;

/// <summary>A range that a node has claimed, as its row was then.</summary>
/// <param name="Epoch">The epoch that the claim drew.</param>
/// <param name="Position">Up to where events were handled.</param>
/// <param name="StopAt">The position that it does not pass; <see langword="null"/> if there is none.</param>
/// <param name="ReplayedTo">Up to where events count as replayed.</param>
/// <param name="LastEvent">The last event that was handled; <see langword="null"/> if there is none.</param>
/// <param name="Takeovers">How often in a row the range was taken from a node that died, without a commit between.</param>
/// <param name="Parked">The parked keys of the range: the position of the first event of each that is not handled.</param>
internal sealed record Claim(
    long Epoch,
    long Position,
    long? StopAt,
    long ReplayedTo,
    (long Position, Guid Id)? LastEvent,
    int Takeovers,
    IReadOnlyDictionary<EventKey, long> Parked);
