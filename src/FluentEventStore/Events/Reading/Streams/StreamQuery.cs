namespace FluentEventStore;

/// <summary>Which streams of a tenant are listed, in what order, and which page of them.</summary>
public sealed class StreamQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>A text that the id contains: <c>%</c> and <c>_</c> are ordinary characters, and case matters.</summary>
    /// <value>Default: <see langword="null"/>, any id.</value>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? Search
    {
        get;
        init => field = Storable(value);
    }

    /// <summary>A text that the id starts with, compared by its characters. Uses an index, unlike <see cref="Search"/>.</summary>
    /// <value>Default: <see langword="null"/>, any id.</value>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? Prefix
    {
        get;
        init => field = Storable(value);
    }

    /// <summary>The stored name of the aggregate that the streams were started for.</summary>
    /// <value>Default: <see langword="null"/>, any or none.</value>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? AggregateType
    {
        get;
        init => field = Storable(value);
    }

    /// <summary>Whether active streams are listed: those that are neither archived nor deleted.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IncludeActive { get; init; } = true;

    /// <summary>Whether archived streams are listed.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IncludeArchived { get; init; }

    /// <summary>Whether deleted and tombstoned streams are listed.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IncludeDeleted { get; init; }

    /// <summary>What the list is sorted by.</summary>
    /// <value>Default: <see cref="StreamSort.Id"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public StreamSort SortBy
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such order.");
    }

    /// <summary>Whether the highest comes first.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Descending { get; init; }

    /// <summary>Which page.</summary>
    /// <value>At least 1. Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int PageNumber
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>How many streams a page has.</summary>
    /// <value>1 to <see cref="MaxPageSize"/>. Default: 50.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxPageSize);
            field = value;
        }
    } = 50;

    private static string? Storable(string? value)
    {
        StorableText.Check(value, nameof(value));
        return value;
    }
}
