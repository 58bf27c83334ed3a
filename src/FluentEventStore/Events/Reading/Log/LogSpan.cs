namespace FluentEventStore.Events;

/// <summary>
/// Which positions of the log are left to read, and in which direction: those above <see cref="After"/>, up to <see cref="To"/>.
/// </summary>
internal readonly record struct LogSpan(long After, long To, int MaxCount, bool IsBackwards)
{
    /// <summary>Whether nothing is left to read.</summary>
    public bool IsEmpty => MaxCount <= 0 || After >= To;

    /// <summary>The position up to which the log counts as read before the reading begins.</summary>
    public long Start => IsBackwards ? To + 1 : After;

    /// <summary>The position up to which the log is read when nothing is left.</summary>
    public long End => IsBackwards ? After + 1 : To;

    public static LogSpan Of(LogRange range) =>
        new(range.After, range.UpTo ?? long.MaxValue, range.MaxCount ?? int.MaxValue, range.Backwards);

    /// <summary>The given number of positions, the first in reading order.</summary>
    public LogSpan First(long positions) => To - After <= positions
        ? this
        : IsBackwards
            ? this with { After = To - positions }
            : this with { To = After + positions };

    /// <summary>What is left after reading up to a position.</summary>
    public LogSpan Beyond(long position, int count) => IsBackwards
        ? this with { To = position - 1, MaxCount = MaxCount - count }
        : this with { After = position, MaxCount = MaxCount - count };
}
