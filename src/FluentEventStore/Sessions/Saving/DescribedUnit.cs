using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Messages;

namespace FluentEventStore.Sessions;

/// <summary>
/// What a session is to write, as it was when saving began. Later changes to the session, or to what it was given, do not reach it.
/// </summary>
/// <param name="Origin">Whose unit it is, and when it was saved.</param>
/// <param name="Id">The id that it is recorded by, if it is recorded.</param>
/// <param name="Events">What it does to events; <see langword="null"/> if nothing.</param>
/// <param name="Documents">The documents that it changes.</param>
internal sealed record DescribedUnit(UnitOrigin Origin, Guid? Id, EventUnit? Events, DocumentChange[] Documents)
{
    /// <summary>What it is written on condition of; <see langword="null"/> if of nothing.</summary>
    public IUnitCondition? Condition { get; init; }

    /// <summary>What it does to messages; <see langword="null"/> if nothing.</summary>
    public MessageUnit? Messages { get; init; }

    /// <summary>Whether nothing keeps it from being written in one transaction with other units.</summary>
    public bool MayShareATransaction => this is { Events.OnlyAppends: true, Id: null, Documents: [], Condition: null, Messages: null };

    /// <summary>Whether nothing but an id of its own would tell that it was committed before.</summary>
    /// <param name="isIdempotent">Whether that is to be told of every unit.</param>
    /// <remarks>
    /// What a unit with events wrote is known by their ids, unless it also does something that leaves no event. A unit that expects a
    /// document to be as it was would be refused once it is committed, so it must be known; so must one that reserves a value, which
    /// another unit may have moved on since.
    /// </remarks>
    public bool NeedsId(bool isIdempotent) =>
        Events is { LinkedIds.Length: > 0 } or { Changes.Length: > 0 }
        || (Events is null or { Events.Length: 0 }
            && (isIdempotent
                || Events is { Reservations.Length: > 0 }
                || Array.Exists(Documents, static change => change.Expected is not null)));
}
