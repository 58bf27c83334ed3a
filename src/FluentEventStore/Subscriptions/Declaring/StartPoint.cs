namespace FluentEventStore.Subscriptions;

/// <summary>Where a subscription begins when it is created.</summary>
internal sealed record StartPoint(StartKind Kind, long Position = 0, DateTimeOffset Instant = default)
{
    public static StartPoint Beginning { get; } = new(StartKind.Beginning);

    public static StartPoint Present { get; } = new(StartKind.Present);
}
