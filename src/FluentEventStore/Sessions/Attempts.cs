namespace FluentEventStore.Sessions;

/// <summary>How often a unit of work is tried that others get in the way of, and how long to wait in between.</summary>
internal static class Attempts
{
    public const int Max = 10;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits a random part of a pause that doubles with each attempt from the first, 1, so that writers who met once do not meet again.</summary>
    public static Task PauseAfter(int attempt, TimeProvider waitClock, CancellationToken cancellationToken)
    {
        var longest = ShortestPause * Math.Pow(2, attempt);
        return Task.Delay((longest < LongestPause ? longest : LongestPause) * Random.Shared.NextDouble(), waitClock, cancellationToken);
    }
}
