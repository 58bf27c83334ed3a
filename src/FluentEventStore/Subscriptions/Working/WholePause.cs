namespace FluentEventStore.Subscriptions;

/// <summary>How long to wait until a time.</summary>
internal static class WholePause
{
    /// <summary>
    /// What is left, in whole milliseconds. The time may have passed since somebody looked at the clock, and a pause of -1 ms would never
    /// end; one of less than a millisecond would end at once, again and again.
    /// </summary>
    public static TimeSpan Of(TimeSpan left) =>
        left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
}
