using FluentEventStore.Events;

namespace FluentEventStore;

/// <summary>
/// How much of which streams is kept when the store is scrubbed. Events are removed only then, and only where a rule says so.
/// </summary>
public sealed class RetentionOptions
{
    private readonly OptionsUse _use = new();
    private readonly Dictionary<StreamId, RetentionRule> _ofStreams = [];
    private readonly List<(string Prefix, RetentionRule Rule)> _ofCategories = [];

    /// <summary>Keeps the last events of one stream, in every tenant that has it. Wins over rules for categories.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="keepLast">How many events are kept: 1 or more.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the id is <see langword="default"/>.</exception>
    public RetentionOptions ForStream(StreamId streamId, long keepLast) => Add(streamId, keepLast, maxAge: null);

    /// <inheritdoc cref="ForStream(StreamId, long)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="maxAge">How old an event may become, by its timestamp, or a link, by that of its unit: more than zero.</param>
    public RetentionOptions ForStream(StreamId streamId, TimeSpan maxAge) => Add(streamId, keepLast: null, maxAge);

    /// <inheritdoc cref="ForStream(StreamId, long)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="keepLast">How many events are kept: 1 or more.</param>
    /// <param name="maxAge">How old an event may become, by its timestamp, or a link, by that of its unit: more than zero.</param>
    public RetentionOptions ForStream(StreamId streamId, long keepLast, TimeSpan maxAge) => Add(streamId, keepLast, maxAge);

    /// <summary>
    /// Keeps the last events of each stream whose id begins with a text, such as <c>session-</c>. The longest prefix wins.
    /// </summary>
    /// <param name="prefix">How the ids begin; not empty.</param>
    /// <param name="keepLast">How many events of each stream are kept: 1 or more.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the prefix is empty.</exception>
    public RetentionOptions ForCategory(string prefix, long keepLast) => Add(prefix, keepLast, maxAge: null);

    /// <inheritdoc cref="ForCategory(string, long)"/>
    /// <param name="prefix">How the ids begin; not empty.</param>
    /// <param name="maxAge">How old an event may become, by its timestamp, or a link, by that of its unit: more than zero.</param>
    public RetentionOptions ForCategory(string prefix, TimeSpan maxAge) => Add(prefix, keepLast: null, maxAge);

    /// <inheritdoc cref="ForCategory(string, long)"/>
    /// <param name="prefix">How the ids begin; not empty.</param>
    /// <param name="keepLast">How many events of each stream are kept: 1 or more.</param>
    /// <param name="maxAge">How old an event may become, by its timestamp, or a link, by that of its unit: more than zero.</param>
    public RetentionOptions ForCategory(string prefix, long keepLast, TimeSpan maxAge) => Add(prefix, keepLast, maxAge);

    internal void Freeze() => _use.Begin();

    /// <summary>The rule for a stream; <see langword="null"/> if all events are kept.</summary>
    internal RetentionRule? Find(StreamId streamId)
    {
        if (_ofStreams.TryGetValue(streamId, out var rule))
            return rule;

        foreach (var (prefix, ofCategory) in _ofCategories)
        {
            if (streamId.Value.StartsWith(prefix, StringComparison.Ordinal))
                return ofCategory;
        }

        return null;
    }

    private RetentionOptions Add(StreamId streamId, long? keepLast, TimeSpan? maxAge)
    {
        _use.Check();
        StreamId.ThrowIfDefault(streamId);
        _ofStreams[streamId] = Rule(keepLast, maxAge);
        return this;
    }

    private RetentionOptions Add(string prefix, long? keepLast, TimeSpan? maxAge)
    {
        _use.Check();
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        _ofCategories.RemoveAll(category => category.Prefix == prefix);
        _ofCategories.Add((prefix, Rule(keepLast, maxAge)));
        _ofCategories.Sort(static (one, other) => other.Prefix.Length - one.Prefix.Length);
        return this;
    }

    private static RetentionRule Rule(long? keepLast, TimeSpan? maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast ?? 1, 1, nameof(keepLast));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(maxAge));
        return new RetentionRule(keepLast, maxAge);
    }
}
