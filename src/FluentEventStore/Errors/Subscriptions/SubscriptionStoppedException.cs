using System.Globalization;

namespace FluentEventStore;

/// <summary>Somebody waits for a subscription that does not get there by itself: it is paused, faulted, or has parked the events.</summary>
public sealed class SubscriptionStoppedException : FluentEventStoreException
{
    /// <param name="subscription">The name of the subscription.</param>
    /// <param name="position">The position up to which it has handled events.</param>
    /// <param name="wanted">The position that was waited for.</param>
    /// <param name="reason">What keeps it, as a sentence.</param>
    public SubscriptionStoppedException(string subscription, long position, long wanted, string reason)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Subscription '{subscription}' is at position {position} and does not get to {wanted}: {reason}"))
    {
        (Subscription, Position, WantedPosition, Reason) = (subscription, position, wanted, reason);
    }

    /// <summary>The name of the subscription.</summary>
    public string Subscription { get; }

    /// <summary>The position up to which it has handled events.</summary>
    public long Position { get; }

    /// <summary>The position that was waited for.</summary>
    public long WantedPosition { get; }

    /// <summary>What keeps it, as a sentence.</summary>
    public string Reason { get; }
}
