namespace FluentEventStore;

/// <summary>Where somebody begins who follows the log. Without a bound: at the first event.</summary>
public sealed class LogStart
{
    /// <summary>The position after which is read.</summary>
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
    /// Told, page by page, the position up to which the log was read and all events that passed were taken: also where none passes. It may
    /// be kept as the bookmark.
    /// </summary>
    /// <value>Default: <see langword="null"/>, nobody.</value>
    public IProgress<long>? Progress { get; init; }
}
