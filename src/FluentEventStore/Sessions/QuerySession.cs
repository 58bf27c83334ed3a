using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Sessions;

internal class QuerySession(StoreReading reading, TenantId tenantId) : IQuerySession
{
    public TenantId TenantId { get; } = tenantId;

    public IEventReader Events => Reader;

    /// <summary>What <see cref="Events"/> gives.</summary>
    protected virtual EventReader Reader => field ??= new EventReader(Reading, TenantId, Gate);

    protected StoreReading Reading { get; } = reading;

    protected SessionGate Gate { get; } = new();

    public bool KeepsSnapshots<T>()
        where T : class => Reading.KeptSnapshots.Keeps(typeof(T));

    public async Task<StreamId?> FindReservationAsync(string name, string value, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        ReservationNames.Check(name, value);
        return (await Reading.Reservations.FindAsync(TenantId, name, value, cancellationToken).ConfigureAwait(false))?.StreamId;
    }

    public async Task<T?> LoadAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class => (await LoadVersionedAsync<T>(id, cancellationToken).ConfigureAwait(false))?.Value;

    public async Task<Versioned<T>?> LoadVersionedAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class
    {
        var table = TableOf<T>();
        return (await LoadAsync<T>(table, [table.Type.Convert(id)], cancellationToken).ConfigureAwait(false)).FirstOrDefault();
    }

    public async Task<Versioned<ReadOnlyMemory<byte>>?> LoadJsonAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class
    {
        var table = TableOf<T>();
        return (await LoadJsonAsync<T>(table, [table.Type.Convert(id)], cancellationToken).ConfigureAwait(false)).FirstOrDefault();
    }

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, Guid>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<string> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, string>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<int> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, int>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<long> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, long>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyJsonAsync<T, Guid>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<string> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyJsonAsync<T, string>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<int> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyJsonAsync<T, int>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<long> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyJsonAsync<T, long>(ids, static id => id, cancellationToken);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (Gate.IsIdle)
            Leave();

        Gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called before the session is disposed, unless it is being saved.</summary>
    protected virtual void Leave()
    {
    }

    private async Task<IReadOnlyList<T>> LoadManyAsync<T, TId>(
        IEnumerable<TId> ids, Func<TId, DocumentId> wrap, CancellationToken cancellationToken)
        where T : class
    {
        var table = TableOf<T>();
        var loaded = await LoadAsync<T>(table, Wanted(table, ids, wrap), cancellationToken).ConfigureAwait(false);
        return loaded.ConvertAll(static one => one.Value);
    }

    private async Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T, TId>(
        IEnumerable<TId> ids, Func<TId, DocumentId> wrap, CancellationToken cancellationToken)
        where T : class
    {
        var table = TableOf<T>();
        return await LoadJsonAsync<T>(table, Wanted(table, ids, wrap), cancellationToken).ConfigureAwait(false);
    }

    private DocumentTable TableOf<T>()
    {
        Gate.Check();
        return Reading.Documents.Get(typeof(T));
    }

    private static List<DocumentId> Wanted<TId>(DocumentTable table, IEnumerable<TId> ids, Func<TId, DocumentId> wrap)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return [.. ids.Select(id => table.Type.Convert(wrap(id))).Distinct()];
    }

    private async Task<List<Versioned<T>>> LoadAsync<T>(DocumentTable table, List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class => Reading.KeptSnapshots.Keeps(typeof(T))
            ? Present(await Reader.LoadSnapshotsAsync<T>(StreamsOf(ids), cancellationToken).ConfigureAwait(false))
            : await ReadDocumentsAsync<T>(table, ids, cancellationToken).ConfigureAwait(false);

    private async Task<List<Versioned<T>>> ReadDocumentsAsync<T>(
        DocumentTable table, List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ReadAsync(table, ids, (id, json) => (T)DocumentReader.Read(table.Type, id, json), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (DocumentSerializationException failure) when (table.Derived is not null && Reading.ExplainView is not null)
        {
            throw await Reading.ExplainView(table, failure, cancellationToken).ConfigureAwait(false);
        }
    }

    // What is stored is what the codec wrote.
    private async Task<List<Versioned<ReadOnlyMemory<byte>>>> LoadJsonAsync<T>(
        DocumentTable table, List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class => Reading.KeptSnapshots.Keeps(typeof(T))
            ? Present(await Reader.LoadSnapshotsJsonAsync<T>(StreamsOf(ids), cancellationToken).ConfigureAwait(false))
            : await ReadAsync(table, ids, static (_, json) => (ReadOnlyMemory<byte>)json.ToArray(), cancellationToken)
                .ConfigureAwait(false);

    private static List<StreamId> StreamsOf(List<DocumentId> ids) => [.. ids.Select(DocumentType.StreamOf).OfType<StreamId>()];

    private static List<Versioned<TValue>> Present<TValue>(Versioned<TValue>?[] loaded) => [.. loaded.OfType<Versioned<TValue>>()];

    private async Task<List<Versioned<TValue>>> ReadAsync<TValue>(
        DocumentTable table,
        List<DocumentId> ids,
        Func<DocumentId, ReadOnlySpan<byte>, TValue> decode,
        CancellationToken cancellationToken) =>
        ids.Count == 0
            ? []
            : await Reading.Database.Telemetry.ReadAsync(
                "fetch",
                TenantId.Value,
                (Session: this, table, ids, decode),
                static async (of, found, token) =>
                {
                    var documents = await of.Session.ReadRowsAsync(of.table, of.ids, of.decode, token).ConfigureAwait(false);
                    found?.Documents = documents.Count;
                    return documents;
                },
                cancellationToken).ConfigureAwait(false);

    private async Task<List<Versioned<TValue>>> ReadRowsAsync<TValue>(
        DocumentTable table, List<DocumentId> ids, Func<DocumentId, ReadOnlySpan<byte>, TValue> decode, CancellationToken cancellationToken)
    {
        var documents = new List<Versioned<TValue>>(ids.Count);
        using var batch = new NpgsqlBatch();
        if (ids.Count == 1)
            table.AddLoad(batch, TenantId, ids[0]);
        else
            table.AddLoadMany(batch, TenantId, ids);

        var rows = await Reading.Database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            using var reader = new ColumnReader(rows);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var value = decode(ids[(int)rows.GetInt64(1) - 1], reader.ReadJson(0));
                documents.Add(new Versioned<TValue>(value, new StoredVersion(rows.GetInt64(2), rows.GetMicroseconds(3), Rewrites: 0)));
            }
        }

        return documents;
    }
}
