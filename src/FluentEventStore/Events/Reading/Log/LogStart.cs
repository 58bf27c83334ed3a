namespace FluentEventStore;

/// <summary>Where following the log begins. Without a bound: at the first event.</summary>
public sealed class LogStart
{
    /// <summary>Events after this position are read.</summary>
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

    /// <summary>
    /// Gets, page by page, the position up to which the log was read and all events that passed were taken, even if none passed. It may be
    /// kept as the bookmark.
    /// </summary>
    /// <value>Default: <see langword="null"/>, nobody.</value>
    public IProgress<long>? Progress { get; init; }
}
