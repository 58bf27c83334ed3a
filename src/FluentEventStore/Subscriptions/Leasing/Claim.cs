using System.Collections.Frozen;

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
    IReadOnlyDictionary<EventKey, long> Parked)
{
    /// <summary>When the server was started that the range was claimed on: nothing that another one said counts for it.</summary>
    public DateTimeOffset Server { get; init; }

    public Tenure Tenure => new(Epoch, Server);

    /// <summary>The tenants that have ranges of their own over the same slices, and do not belong to this one.</summary>
    public IReadOnlySet<string> Apart { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The history of the database before and now, as far as it is known.</summary>
    public (string? Before, string? Now) Timelines { get; init; }

    /// <summary>Whether the database goes on from another history than the range was carried with before.</summary>
    public bool IsElsewhere => Timelines is ({ } before, { } now) && before != now;
}
