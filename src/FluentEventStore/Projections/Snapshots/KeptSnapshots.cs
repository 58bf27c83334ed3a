using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>
/// Reads aggregates that are kept as documents. The row of a document says which stream it was folded from, up to which version and from
/// which past of it. So the row itself shows whether it may be folded on (<see cref="SnapshotReader"/>), whoever wrote it.
/// </summary>
internal sealed class KeptSnapshots(
    Database database, SqlIdentifier schema, IEnumerable<AggregateType> types, DocumentTables documents, PersonalData personalData)
    : IKeptSnapshots
{
    private readonly Dictionary<Type, SnapshotReader> _readers =
        types.ToDictionary(static type => type.ClrType, type => new SnapshotReader(schema, type, documents.Get(type.ClrType)));

    public Database Database => database;

    public PersonalData PersonalData => personalData;

    public IReadOnlyCollection<SnapshotReader> Readers => _readers.Values;

    public bool Keeps(Type aggregateType) => _readers.ContainsKey(aggregateType);

    public async Task<IReadOnlyList<FetchedSnapshot>> FetchAsync(
        Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
    {
        var reader = _readers[aggregateType];
        using var batch = new Npgsql.NpgsqlBatch();
        reader.AddRead(batch, tenantId, streamIds, new bool[streamIds.Count]);
        return await ReadAsync(batch, tenantId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what a page of events is folded onto.</summary>
    /// <param name="reader">The aggregate.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice.</param>
    /// <param name="firsts">For each stream, the version of the first event of the page.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<List<FetchedSnapshot>> FetchForPageAsync(
        SnapshotReader reader, TenantId tenantId, StreamId[] streamIds, long[] firsts, CancellationToken cancellationToken)
    {
        using var batch = new Npgsql.NpgsqlBatch();
        reader.AddReadOfPage(batch, tenantId, streamIds, firsts);
        return await ReadAsync(batch, tenantId, cancellationToken).ConfigureAwait(false);
    }

    public SnapshotReader ReaderOf(Type aggregateType) => _readers[aggregateType];

    private async Task<List<FetchedSnapshot>> ReadAsync(
        Npgsql.NpgsqlBatch batch, TenantId tenantId, CancellationToken cancellationToken)
    {
        List<FetchedSnapshot> snapshots;
        var events = new EventQueue(personalData);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            snapshots = await SnapshotReader.ReadAsync(rows, tenantId, events, cancellationToken).ConfigureAwait(false);

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return snapshots;
    }
}
