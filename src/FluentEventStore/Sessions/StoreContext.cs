using FluentEventStore.Aggregates;
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
    UnitWriter Writer,
    AppendLanes Lanes,
    RecordedUnit RecordedUnits,
    DocumentTables Documents,
    IInlineViews Views,
    PersonalData PersonalData,
    TimeProvider TimeProvider)
{
    /// <summary>Told of each commit of the process, so that those who follow the log need not wait until they look again.</summary>
    public required Settler Settler { get; init; }

    /// <summary>The clock of pauses between attempts; the other one stamps.</summary>
    public required TimeProvider WaitClock { get; init; }

    /// <summary>Where units stand in line for their streams that do more than append.</summary>
    public required StreamLines Writers { get; init; }

    /// <summary>Where those stand in line who decide over a stream, once two of them have met there.</summary>
    public required StreamLines Deciders { get; init; }

    /// <summary>Reads what decisions over tags rest on.</summary>
    public required BoundaryReader Boundaries { get; init; }

    /// <summary>Of which aggregates snapshots are kept while they are folded live.</summary>
    public required IReadOnlyDictionary<Type, SnapshotRule> SnapshotRules { get; init; }

    /// <summary>Where they are kept; <see langword="null"/> where nothing can be written.</summary>
    public Snapshots? Snapshots { get; init; }

    /// <summary>How many bytes the JSON of an event may have; <see langword="null"/> for any number.</summary>
    public int? MaxBytesOfEvent { get; init; }

    /// <summary>Whether streams may be deleted without a trace.</summary>
    public bool AllowsHardDelete { get; init; }

    /// <summary>Whether all this runs in a transaction of the caller, who ends it.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Says that a unit was committed.</summary>
    public void Committed(Commit commit)
    {
        // What is written in a transaction of the caller is seen by nobody else yet.
        if (commit.Position > 0 && !IsJoined)
            Settler.Signal();
    }

    /// <summary>How long others may get in the way of what begins now.</summary>
    public Patience BePatient() => new(Database.Patience, WaitClock);

    /// <summary>Now, in UTC and cut to what PostgreSQL keeps: microseconds.</summary>
    public DateTimeOffset Now()
    {
        var now = TimeProvider.GetUtcNow().ToUniversalTime();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
