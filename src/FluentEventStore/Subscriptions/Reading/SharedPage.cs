using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>A page of the log that is being read, or was.</summary>
/// <param name="key">The key of its query.</param>
/// <param name="after">The position after which it begins.</param>
/// <param name="to">The position that it does not go beyond.</param>
internal sealed class SharedPage(string key, long after, long to)
{
    // What an event takes besides its JSON, and what a byte of JSON takes once it is read: mostly texts.
    private const long BytesOfEvent = 600;
    private const long BytesOfByte = 2;

    private Task<LogPage>? _reading;

    public string Key { get; } = key;

    public long After { get; } = after;

    public long To { get; } = to;

    /// <summary>When the reading began, by the clock.</summary>
    public long BeganAt { get; set; }

    /// <summary>What was read; <see langword="null"/> as long as it is not.</summary>
    public LogPage? Read { get; private set; }

    /// <summary>How much memory it takes, by estimate.</summary>
    public long Bytes { get; private set; }

    /// <summary>Ends when it is read.</summary>
    public Task<LogPage> Reading => _reading ?? throw new InvalidOperationException("The reading has not begun.");

    /// <summary>Begins the reading. Whoever asked may have given up: a failure that nobody awaits must not count as unobserved.</summary>
    public void Begin(Task<LogPage> reading)
    {
        _reading = reading;
        _ = reading.ContinueWith(
            static task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>How much memory events take, by estimate.</summary>
    /// <param name="weight">What they weigh, in units of <see cref="PageWeight.BytesOfUnit"/>.</param>
    /// <param name="count">How many they are.</param>
    public static long BytesOf(long weight, int count) => (weight * PageWeight.BytesOfUnit * BytesOfByte) + (count * BytesOfEvent);

    public void Complete(LogPage page)
    {
        Read = page;
        Bytes = BytesOf(page.Weight, page.Events.Count);
    }
}
