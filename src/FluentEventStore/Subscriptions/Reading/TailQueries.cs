using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Keeps with which queries the end of the log was read lately, and makes the one that reads for all of them. It reads only the types that
/// one of them lets pass, so that nobody decodes, or fails to know, what nobody wants.
/// </summary>
internal sealed class TailQueries(TimeSpan interest, TimeProvider waitClock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private LogQuery? _union;
    private long _forgotAt = waitClock.GetTimestamp();

    /// <summary>The query that reads for this one and all others.</summary>
    public LogQuery UnionWith(LogQuery query)
    {
        lock (_gate)
        {
            var now = waitClock.GetTimestamp();
            if (waitClock.GetElapsedTime(_forgotAt, now) >= interest)
                Forget(now);

            if (!_members.TryGetValue(query.Key, out var member))
            {
                _members.Add(query.Key, member = new Member(query));
                _union = null;
            }

            member.AskedAt = now;
            return _union ??= Unite();
        }
    }

    private void Forget(long now)
    {
        _forgotAt = now;
        foreach (var (key, member) in _members)
        {
            if (waitClock.GetElapsedTime(member.AskedAt, now) >= interest)
            {
                _members.Remove(key);
                _union = null;
            }
        }
    }

    private LogQuery Unite()
    {
        List<LogQuery> queries = [.. _members.Values.Select(static member => member.Query)];
        if (queries is [var only])
            return only;

        var filter = new EventFilter();
        return queries.TrueForAll(static query => query.TypeNames.Length > 0)
            ? Follow(filter.OfTypes(queries.SelectMany(static query => query.TypeNames)))
            : Follow(filter);
    }

    private static LogQuery Follow(EventFilter filter) => new(filter, reader: null, StreamStates.Deleted);

    private sealed class Member(LogQuery query)
    {
        public LogQuery Query { get; } = query;

        public long AskedAt { get; set; }
    }
}
