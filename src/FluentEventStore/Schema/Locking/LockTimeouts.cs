namespace FluentEventStore.Schema;

/// <summary>How the server takes the time that a statement may wait for a lock.</summary>
internal static class LockTimeouts
{
    /// <summary>In milliseconds; 0 for without end.</summary>
    public static long Of(TimeSpan patience) =>
        patience == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (long)Math.Ceiling(patience.TotalMilliseconds));
}
