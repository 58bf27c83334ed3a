namespace FluentEventStore.Events;

/// <summary>Which events of a stream to read, and in which direction.</summary>
internal readonly record struct StreamRange(long FromVersion, long ToVersion, DateTimeOffset? Until, int MaxCount, bool IsBackwards)
{
    /// <summary>The whole stream.</summary>
    public static StreamRange All { get; } = new(1, long.MaxValue, Until: null, int.MaxValue, IsBackwards: false);

    /// <summary>Whether the events of an archived stream are read.</summary>
    public bool IncludesArchived { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A version or the count is below 1.</exception>
    public static StreamRange Checked(long fromVersion, long? toVersion, DateTimeOffset? until, int? maxCount, bool backwards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(toVersion ?? 1, 1, nameof(toVersion));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount ?? 1, 1, nameof(maxCount));
        return new StreamRange(fromVersion, toVersion ?? long.MaxValue, until, maxCount ?? int.MaxValue, backwards);
    }

    /// <summary>What is left after a page.</summary>
    public StreamRange Beyond(long lastVersion, int count) => IsBackwards
        ? this with { ToVersion = lastVersion - 1, MaxCount = MaxCount - count }
        : this with { FromVersion = lastVersion + 1, MaxCount = MaxCount - count };
}
