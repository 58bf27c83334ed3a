namespace FluentEventStore.Subscriptions;

/// <summary>What happens when an event cannot be handled.</summary>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="Then">What becomes of it afterwards.</param>
/// <param name="Pause">Before the first try.</param>
/// <param name="LongestPause">What pauses grow to.</param>
internal sealed record RetryPolicy(int Retries, FailedEvent Then, TimeSpan Pause, TimeSpan LongestPause)
{
    public static RetryPolicy Default { get; } = new(3, FailedEvent.Stop, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));

    /// <summary>What failures of the database are waited out with: for ever.</summary>
    private static readonly RetryPolicy OfOutages = Default with { LongestPause = TimeSpan.FromSeconds(5) };

    /// <summary>The pause after a failure of the database.</summary>
    /// <param name="failures">How many there were in a row.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan PauseOfOutage(int failures, double chance) => OfOutages.PauseAfter(failures, chance);

    /// <summary>The pause after a call that failed: doubled each time, less up to a quarter by chance.</summary>
    /// <param name="calls">How many calls for the event have failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan PauseAfter(int calls, double chance)
    {
        var doubled = Pause * Math.Pow(2, Math.Min(calls - 1, 30));
        var capped = doubled < LongestPause ? doubled : LongestPause;
        return capped * (1 - (chance / 4));
    }
}
