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

    public async Task<T?> LoadAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class
    {
        Gate.Check();
        var table = Reading.Documents.Get(typeof(T));
        id = table.Type.Convert(id);
        if (Reading.InlineSnapshots.Keeps(typeof(T)))
            return DocumentType.StreamOf(id) is { } streamId
                ? (await Reader.LoadSnapshotsAsync<T>([streamId], cancellationToken).ConfigureAwait(false))[0]
                : null;

        using var batch = new NpgsqlBatch();
        table.AddLoad(batch, TenantId, id);
        var documents = await ReadAsync<T>(batch, table.Type, [id], cancellationToken).ConfigureAwait(false);
        return documents.Count > 0 ? documents[0] : null;
    }

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, Guid>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<string> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, string>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<int> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, int>(ids, static id => id, cancellationToken);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<long> ids, CancellationToken cancellationToken = default)
        where T : class => LoadManyAsync<T, long>(ids, static id => id, cancellationToken);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        Gate.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<IReadOnlyList<T>> LoadManyAsync<T, TId>(
        IEnumerable<TId> ids, Func<TId, DocumentId> wrap, CancellationToken cancellationToken)
        where T : class
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(ids);
        var table = Reading.Documents.Get(typeof(T));
        List<DocumentId> wanted = [.. ids.Select(id => table.Type.Convert(wrap(id))).Distinct()];
        if (wanted.Count == 0)
            return [];

        if (Reading.InlineSnapshots.Keeps(typeof(T)))
            return await LoadSnapshotsAsync<T>(wanted, cancellationToken).ConfigureAwait(false);

        using var batch = new NpgsqlBatch();
        table.AddLoadMany(batch, TenantId, wanted);
        return await ReadAsync<T>(batch, table.Type, wanted, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<T>> LoadSnapshotsAsync<T>(List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class
    {
        var aggregates = await Reader.LoadSnapshotsAsync<T>([.. ids.Select(DocumentType.StreamOf).OfType<StreamId>()], cancellationToken)
            .ConfigureAwait(false);
        return [.. aggregates.OfType<T>()];
    }

    private Task<List<T>> ReadAsync<T>(NpgsqlBatch batch, DocumentType type, List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class =>
        Reading.Database.Telemetry.ReadAsync(
            "fetch",
            TenantId.Value,
            (Session: this, batch, type, ids),
            static async (of, found, token) =>
            {
                var documents = await of.Session.ReadRowsAsync<T>(of.batch, of.type, of.ids, token).ConfigureAwait(false);
                found?.Documents = documents.Count;
                return documents;
            },
            cancellationToken);

    private async Task<List<T>> ReadRowsAsync<T>(
        NpgsqlBatch batch, DocumentType type, List<DocumentId> ids, CancellationToken cancellationToken)
        where T : class
    {
        var documents = new List<T>(ids.Count);
        var rows = await Reading.Database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            using var reader = new ColumnReader(rows);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                documents.Add((T)DocumentReader.Read(type, ids[(int)rows.GetInt64(1) - 1], reader.ReadJson(0)));
        }

        return documents;
    }
}
