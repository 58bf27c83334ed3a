namespace FluentEventStore.Proofs.Events.Reading.Differential;

/// <summary>A stream as the model knows it.</summary>
internal sealed class LoggedStream(TenantId tenantId, string id, string? aggregateType)
{
    public const int Active = 0;
    public const int Archived = 1;
    public const int Deleted = 2;
    public const int Tombstoned = 3;

    public TenantId TenantId { get; } = tenantId;

    public string Id { get; } = id;

    public string? AggregateType { get; } = aggregateType;

    public int State { get; set; }

    public long Version { get; set; }

    public long TruncatedBefore { get; set; } = 1;

    public List<LoggedEvent> Events { get; } = [];

    public List<LoggedLink> Links { get; } = [];

    /// <summary>The ids of the events that a reading of the stream gives.</summary>
    public IEnumerable<Guid> Read(long from, long to, DateTimeOffset? until, int? maxCount, bool backwards, bool includeArchived)
    {
        var seen = includeArchived ? Archived : Active;
        if (State > seen)
            return [];

        var rows = Events.Select(static e => (e.Version, e.Timestamp, Event: e))
            .Concat(Links.Select(static link => (link.Version, link.Timestamp, link.Event)))
            .Where(row => row.Version >= TruncatedBefore)
            .OrderBy(static row => row.Version)
            .ToList();
        var last = until is null
            ? long.MaxValue
            : rows.Where(row => row.Timestamp <= until).Select(static row => row.Version).DefaultIfEmpty(0).Max();
        var found = rows
            .Where(row => row.Version >= from && row.Version <= to && row.Version <= last)
            .Where(row => row.Event.IsKept && row.Event.Stream.State <= seen)
            .Select(static row => row.Event.Id)
            .ToList();
        if (backwards)
            found.Reverse();

        return found.Take(maxCount ?? int.MaxValue);
    }
}
