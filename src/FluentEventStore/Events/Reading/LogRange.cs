namespace FluentEventStore.Events;

/// <summary>Which positions of the log to read, and in which direction: those above <see cref="After"/>, up to <see cref="To"/>.</summary>
internal readonly record struct LogRange(long After, long To, int MaxCount, bool IsBackwards)
{
    /// <exception cref="ArgumentOutOfRangeException">A position is negative, or the count below 1.</exception>
    public static LogRange Checked(long after, long? upTo, int? maxCount, bool backwards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegative(upTo ?? 0, nameof(upTo));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount ?? 1, 1, nameof(maxCount));
        return new LogRange(after, upTo ?? long.MaxValue, maxCount ?? int.MaxValue, backwards);
    }

    /// <summary>What is left after a page.</summary>
    public LogRange Beyond(long lastPosition, int count) => IsBackwards
        ? this with { To = lastPosition - 1, MaxCount = MaxCount - count }
        : this with { After = lastPosition, MaxCount = MaxCount - count };
}
