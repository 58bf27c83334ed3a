namespace FluentEventStore;

/// <summary>Which part of the log is read, and in which direction. Without bounds: all that is settled when the reading starts.</summary>
public sealed class LogRange
{
    /// <summary>Events after this position are read. Backwards, the reading stops there.</summary>
    /// <value>0 or more. Default: 0, from the first event on.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long After
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(After));
            field = value;
        }
    }

    /// <summary>The highest position that is read. Backwards, the reading starts there.</summary>
    /// <value>0 or more. Default: <see langword="null"/>, no bound.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? UpTo
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(UpTo));
            field = value;
        }
    }

    /// <summary>How many events are read at most, counted in reading order.</summary>
    /// <value>1 or more. Default: <see langword="null"/>, no bound.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MaxCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(MaxCount));
            field = value;
        }
    }

    /// <summary>Whether the highest position comes first.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Backwards { get; init; }

    /// <summary>
    /// Gets, page by page, the position up to which the log was read and all events that passed were taken, even if none passed. Backwards:
    /// the position down to which.
    /// </summary>
    /// <value>Default: <see langword="null"/>, nobody.</value>
    public IProgress<long>? Progress { get; init; }
}
