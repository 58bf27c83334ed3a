namespace FluentEventStore.Outbox;

/// <summary>When a message that failed is tried again.</summary>
/// <param name="Pause">After how long.</param>
/// <param name="IsAlarm">Whether it has failed for so long that people should know.</param>
internal readonly record struct RetryPause(TimeSpan Pause, bool IsAlarm)
{
    /// <param name="options">The pauses.</param>
    /// <param name="attempts">How many attempts have failed, 1 or more.</param>
    public static RetryPause After(MessageOptions options, int attempts)
    {
        // How many pauses are shorter than the longest, and then one of that length.
        var doublings = Math.Max(0, (int)Math.Ceiling(Math.Log2(options.LongestPause / options.FirstPause)));
        return attempts switch
        {
            _ when attempts <= doublings => new RetryPause(options.FirstPause * Math.Pow(2, attempts - 1), IsAlarm: false),
            _ when attempts == doublings + 1 => new RetryPause(options.LongestPause, IsAlarm: false),
            _ => new RetryPause(options.AlarmPause, IsAlarm: true),
        };
    }
}
