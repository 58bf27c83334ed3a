namespace FluentEventStore.Events;

/// <summary>Which events of a stream are left to read, and in which direction.</summary>
internal readonly record struct StreamSpan(long FromVersion, long ToVersion, DateTimeOffset? Until, int MaxCount, bool IsBackwards)
{
    /// <summary>The whole stream.</summary>
    public static StreamSpan All { get; } = new(1, long.MaxValue, Until: null, int.MaxValue, IsBackwards: false);

    /// <summary>Whether the events of an archived stream are read.</summary>
    public bool IncludesArchived { get; init; }

    public static StreamSpan Of(StreamRange range) =>
        new(range.From, range.To ?? long.MaxValue, range.Until, range.MaxCount ?? int.MaxValue, range.Backwards) { IncludesArchived =
            range.IncludeArchived };

    /// <summary>What is left after a page.</summary>
    public StreamSpan Beyond(long lastVersion, int count) => IsBackwards
        ? this with { ToVersion = lastVersion - 1, MaxCount = MaxCount - count }
        : this with { FromVersion = lastVersion + 1, MaxCount = MaxCount - count };
}
