namespace FluentEventStore;

/// <summary>Which events of a stream are read, and in which direction. Without bounds: all.</summary>
public sealed class StreamRange
{
    /// <summary>The lowest version that is read.</summary>
    /// <value>1 or more. Default: 1, the first event.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long From
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(From));
            field = value;
        }
    } = 1;

    /// <summary>The highest version that is read.</summary>
    /// <value>1 or more. Default: <see langword="null"/>, no bound.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? To
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(To));
            field = value;
        }
    }

    /// <summary>The latest timestamp that is read.</summary>
    /// <value>Default: <see langword="null"/>, no bound.</value>
    public DateTimeOffset? Until { get; init; }

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

    /// <summary>Whether the highest version comes first.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Backwards { get; init; }

    /// <summary>Whether events of an archived stream are read. Those of a deleted stream never are.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IncludeArchived { get; init; }
}
