namespace FluentEventStore.Events;

/// <summary>Which positions of the log to read, and in which direction: those above <see cref="After"/>, up to <see cref="To"/>.</summary>
internal readonly record struct LogRange(long After, long To, int MaxCount, bool IsBackwards)
{
    /// <summary>Whether nothing is left to read.</summary>
    public bool IsEmpty => MaxCount <= 0 || After >= To;

    /// <summary>The position to which it is read before it begins.</summary>
    public long Start => IsBackwards ? To + 1 : After;

    /// <summary>The position to which it is read at its end.</summary>
    public long End => IsBackwards ? After + 1 : To;

    /// <exception cref="ArgumentOutOfRangeException">A position is negative, or the count below 1.</exception>
    public static LogRange Checked(long after, long? upTo, int? maxCount, bool backwards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegative(upTo ?? 0, nameof(upTo));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount ?? 1, 1, nameof(maxCount));
        return new LogRange(after, upTo ?? long.MaxValue, maxCount ?? int.MaxValue, backwards);
    }

    /// <summary>The first so many positions in reading order.</summary>
    public LogRange First(long positions) => To - After <= positions
        ? this
        : IsBackwards
            ? this with { After = To - positions }
            : this with { To = After + positions };

    /// <summary>What is left when it was read to a position.</summary>
    public LogRange Beyond(long position, int count) => IsBackwards
        ? this with { To = position - 1, MaxCount = MaxCount - count }
        : this with { After = position, MaxCount = MaxCount - count };
}
