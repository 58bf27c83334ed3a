using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Sessions;

/// <summary>What the sessions of a store read with.</summary>
internal sealed record StoreReading(
    Database Database,
    DocumentTables Documents,
    EventStreamReader Streams,
    StreamListReader StreamList,
    LogReader Log,
    BoundaryReader Boundaries,
    IKeptSnapshots KeptSnapshots)
{
    /// <summary>Finds the streams that hold values, natural keys among them.</summary>
    public required ReservationReader Reservations { get; init; }

    /// <summary>The aggregates that are folded live and of which snapshots are kept.</summary>
    public required IReadOnlyDictionary<Type, SnapshotRule> SnapshotRules { get; init; }

    /// <summary>Says why a view cannot be read; <see langword="null"/> if there are none.</summary>
    public Func<DocumentTable, DocumentSerializationException, CancellationToken, Task<Exception>>? ExplainView { get; init; }

    /// <summary>Where they are kept; <see langword="null"/> if nothing can be written.</summary>
    public Snapshots? Snapshots { get; init; }
}
