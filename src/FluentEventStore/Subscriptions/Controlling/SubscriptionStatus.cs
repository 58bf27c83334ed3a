using System.Globalization;
using System.Text;

namespace FluentEventStore;

/// <summary>How far a subscription is, and what it does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version of its handler.</param>
/// <param name="State">What it does: of its ranges, the state that needs most attention, without tenants that are paused alone.</param>
/// <param name="Position">The position up to which all of its ranges have handled events, without those tenants.</param>
/// <param name="Lag">How many positions of the settled log it is behind.</param>
/// <param name="LagTime">How long ago the first event after <paramref name="Position"/> was written; zero if there is none.</param>
/// <param name="Parked">How many keys are parked.</param>
/// <param name="Ranges">Its ranges, those of tenants that were paused or rewound alone beside those of all others.</param>
public sealed record SubscriptionStatus(
    string Name,
    int Version,
    SubscriptionState State,
    long Position,
    long Lag,
    TimeSpan LagTime,
    int Parked,
    IReadOnlyList<SubscriptionRangeStatus> Ranges)
{
    /// <summary>How many positions it passes in a second, over its last pages and all ranges.</summary>
    public double Rate => Ranges.Sum(static range => range.Rate);

    /// <summary>What keeps it from going on; <see langword="null"/> if nothing does.</summary>
    public SubscriptionFailure? Failure => Ranges.FirstOrDefault(static range => range.Failure is not null)?.Failure;

    // What a record prints of a list is the name of its type.
    private bool PrintMembers(StringBuilder builder)
    {
        var text = CultureInfo.InvariantCulture;
        builder.Append(text, $"Name = {Name}, Version = {Version}, State = {State}, Position = {Position}, Lag = {Lag}, ");
        builder.Append(text, $"LagTime = {LagTime}, Parked = {Parked}, Rate = {Rate:0.#}, Failure = {Failure}, ");
        builder.Append(text, $"Ranges = [{string.Join("; ", Ranges)}]");
        return true;
    }
}
