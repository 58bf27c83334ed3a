namespace FluentEventStore.Events;

/// <summary>How long to pause between two looks at the log: briefly while it moves, longer and longer while it does not.</summary>
internal sealed class PollingPace
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    public TimeSpan Pause { get; private set; } = Shortest;

    /// <summary>Whether the last look found nothing new.</summary>
    public bool IsSlow => Pause > Shortest;

    /// <summary>Whether nothing new was found repeatedly.</summary>
    public bool IsIdle => Pause > Shortest * 2;

    /// <summary>The log moved, or is said to.</summary>
    public void Busy() => Pause = Shortest;

    /// <summary>A look found nothing new.</summary>
    public void Idle() => Pause = Pause * 2 < Longest ? Pause * 2 : Longest;
}
