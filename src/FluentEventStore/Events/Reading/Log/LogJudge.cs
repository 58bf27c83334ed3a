using System.Collections.Frozen;
using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// Says in memory what the conditions of <see cref="LogConditions"/> say in the database. Texts are compared by their characters there and
/// here, and times to the microsecond.
/// </summary>
internal sealed class LogJudge
{
    private readonly LogQuery _query;
    private readonly FrozenSet<string> _types;
    private readonly FrozenSet<string> _streams;
    private readonly FrozenSet<string> _tenants;
    private readonly long _earliest;
    private readonly long _latest;

    public LogJudge(LogQuery query)
    {
        _query = query;
        _types = query.TypeNames.ToFrozenSet(StringComparer.Ordinal);
        _streams = query.StreamIds.ToFrozenSet(StringComparer.Ordinal);
        _tenants = query.Tenants.ToFrozenSet(StringComparer.Ordinal);
        _earliest = query.Shape.HasFlag(LogShape.Earliest) ? InColumn(query.Earliest) : long.MinValue;
        _latest = query.Shape.HasFlag(LogShape.Latest) ? InColumn(query.Latest) : long.MaxValue;
    }

    public bool Passes(IEvent @event) =>
        (_types.Count == 0 || _types.Contains(@event.TypeName))
            && (_tenants.Count == 0 || _tenants.Contains(@event.TenantId.Value))
            && IsOfStream(@event.StreamId.Value)
            && HasHeaders(@event.Headers)
            && InColumn(@event.Timestamp) is var time
            && time >= _earliest
            && time <= _latest;

    // The driver sends the first and the last instant as infinity.
    private static long InColumn(DateTimeOffset instant) => instant == DateTimeOffset.MinValue
        ? long.MinValue
        : instant == DateTimeOffset.MaxValue ? long.MaxValue : instant.ToColumn();

    private bool IsOfStream(string id) => (_streams.Count == 0 && _query.StreamPrefixes.Length == 0)
        || _streams.Contains(id)
        || Array.Exists(_query.StreamPrefixes, prefix => id.StartsWith(prefix, StringComparison.Ordinal));

    private bool HasHeaders(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (key, value) in _query.HeaderTexts)
        {
            if (!headers.TryGetValue(key, out var found) || !string.Equals(found, value, StringComparison.Ordinal))
                return false;
        }

        return true;
    }
}
