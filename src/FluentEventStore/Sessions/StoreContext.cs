using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Sessions;

/// <summary>What all sessions of a store share.</summary>
internal sealed record StoreContext(
    Database Database,
    EventStreamReader Streams,
    StreamListReader StreamList,
    LogReader Log,
    OrderingChecks Ordering,
    Settler Settler,
    Append Append,
    RecordedUnit RecordedUnits,
    DocumentTables Documents,
    IInlineViews Views,
    TimeProvider TimeProvider)
{
    /// <summary>Now, in UTC and cut to what PostgreSQL keeps: microseconds.</summary>
    public DateTimeOffset Now()
    {
        var now = TimeProvider.GetUtcNow().ToUniversalTime();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
