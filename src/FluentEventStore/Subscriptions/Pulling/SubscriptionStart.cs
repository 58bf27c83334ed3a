using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>Where a pulled subscription begins when it is created.</summary>
public sealed class SubscriptionStart
{
    private SubscriptionStart(StartPoint point) => Point = point;

    /// <summary>With the first event of the log.</summary>
    public static SubscriptionStart Beginning { get; } = new(StartPoint.Beginning);

    /// <summary>After the events that are settled when it is created.</summary>
    public static SubscriptionStart Present { get; } = new(StartPoint.Present);

    /// <summary>After a position.</summary>
    /// <param name="position">0 or more.</param>
    public static SubscriptionStart After(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return new SubscriptionStart(new StartPoint(StartKind.Position, position));
    }

    /// <summary>With the first event that is not older than this; see <see cref="IStoreSubscriptions.PositionAtAsync"/>.</summary>
    public static SubscriptionStart At(DateTimeOffset instant) => new(new StartPoint(StartKind.Time, Instant: instant));

    internal StartPoint Point { get; }
}
