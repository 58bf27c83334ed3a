using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Documents;

/// <summary>The statements of one table of documents. Each takes arrays, so that many documents are one statement.</summary>
internal sealed class DocumentTable
{
    private readonly string _load;
    private readonly string _loadMany;
    private readonly string _lock;
    private readonly string _check;
    private readonly string[] _writes;
    private readonly string _readViews;
    private readonly string _lockViews;

    /// <param name="schema">The schema that holds it.</param>
    /// <param name="type">The type of the documents.</param>
    /// <param name="streams">What rows of snapshots point at.</param>
    /// <param name="derived">How the documents are derived from events; <see langword="null"/> if sessions write them.</param>
    /// <param name="slot">Which of their tables it is, if they are derived.</param>
    public DocumentTable(SqlIdentifier schema, DocumentType type, StreamRows streams, DerivedType? derived = null, int slot = 0)
    {
        (Type, Derived, Name) = (type, derived, derived?.Tables[slot] ?? type.Table);
        var table = $"{schema}.{Name}";
        var source = derived is { IsOfStreams: false } ? DerivedSql.Source(schema, derived) : table;
        _load = $"""
            select data, 1::bigint as ordinal, version, created_at
            from {source} d
            where tenant = $1
              and id = $2
              and deleted_at is null
            """;
        // Lateral with a limit, so that each document is fetched by its key, whatever the size of the table was when the plan was made.
        _loadMany = $"""
            select d.data, wanted.ordinal, d.version, d.created_at
            from pg_catalog.unnest($2) with ordinality as wanted (id, ordinal)
            cross join lateral (
              select d.data, d.version, d.created_at
              from {source} d
              where d.tenant = $1
                and d.id = wanted.id
                and d.deleted_at is null
              limit 1
            ) as d
            order by wanted.ordinal
            """;
        _lock = $"select pg_catalog.count(*) from ({LockRows(table)}) as locked";
        _readViews = ViewSql.Read(table);
        _lockViews = ViewSql.Lock(table, type.Name);
        _check = CheckSql(schema, table, type.Name);
        _writes = [.. Enum.GetValues<DocumentChangeKind>().Select(
            kind => WriteSql(kind, derived is not null, schema, table, streams, type.Name))];
    }

    public DocumentType Type { get; }

    /// <summary>How the documents are derived from events; <see langword="null"/> if sessions write them.</summary>
    public DerivedType? Derived { get; }

    /// <summary>The name of the table.</summary>
    public SqlIdentifier Name { get; }

    public void AddLoad(NpgsqlBatch batch, TenantId tenantId, DocumentId id)
    {
        var command = batch.Add(_load).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddId(command, id);
    }

    public void AddLoadMany(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<DocumentId> ids)
    {
        var command = batch.Add(_loadMany).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
    }

    /// <summary>Locks the rows that exist, in the order of their ids, for a unit that changes the table in several statements.</summary>
    public void AddLock(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<DocumentId> ids)
    {
        var command = batch.Add(_lock).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
    }

    /// <summary>As <see cref="AddLock"/>, and fails the unit if a document is not as it is expected to be.</summary>
    public void AddCheck(NpgsqlBatch batch, TenantId tenantId, DocumentChange[] changes)
    {
        var command = batch.Add(_check).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, Array.ConvertAll(changes, static change => change.Id));
        command
            .With(Array.ConvertAll(changes, static change => change.Expected?.Version), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(Array.ConvertAll(changes, static change => change.Expected?.Life), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
    }

    /// <summary>Reads views, as <see cref="ViewRow"/>s.</summary>
    public void AddReadViews(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<DocumentId> ids)
    {
        var command = batch.Add(_readViews).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
    }

    /// <summary>As <see cref="AddReadViews"/>, and locks them until the transaction ends; those that are missing are made.</summary>
    public void AddLockViews(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<DocumentId> ids, DateTimeOffset now)
    {
        var command = batch.Add(_lockViews).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
        command.With(now, NpgsqlDbType.TimestampTz);
    }

    /// <summary>Begins the statement for changes of one kind, with the tenant and the ids.</summary>
    public NpgsqlBatchCommand AddWrite(NpgsqlBatch batch, DocumentChangeKind kind, TenantId tenantId, IReadOnlyList<DocumentId> ids)
    {
        var command = batch.Add(_writes[(int)kind]).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
        return command;
    }

    private static string WriteSql(
        DocumentChangeKind kind, bool isDerived, SqlIdentifier schema, string table, StreamRows streams, string name) => kind switch
    {
        DocumentChangeKind.Replace => DerivedSql.Replace(table, name),
        DocumentChangeKind.Store when isDerived => DerivedSql.Store(table, name),
        DocumentChangeKind.Insert when isDerived => Refuse(schema, name, SqlStates.DocumentExists, DerivedSql.Insert(table, name)),
        DocumentChangeKind.Update when isDerived => Refuse(schema, name, SqlStates.DocumentMissing, DerivedSql.Update(table)),
        DocumentChangeKind.Store => $"""
            insert into {table} as d (tenant, id, data, version, created_at, modified_at, type)
            select $1, u.id, u.data, 1, $4, $4, '{name}'
            from unnest($2, $3) as u (id, data)
            order by u.id
            on conflict (tenant, id) do update
            set data = excluded.data,
                version = d.version + 1,
                modified_at = excluded.modified_at,
                deleted_at = null
            """,
        DocumentChangeKind.Insert => Refuse(schema, name, SqlStates.DocumentExists, $"""
            insert into {table} (tenant, id, data, version, created_at, modified_at, type)
            select $1, u.id, u.data, 1, $4, $4, '{name}'
            from unnest($2, $3) as u (id, data)
            order by u.id
            on conflict (tenant, id) do nothing
            returning id
            """),
        DocumentChangeKind.InsertView => Refuse(schema, name, SqlStates.SnapshotMoved, ViewSql.Insert(table, name)),
        DocumentChangeKind.UpdateView => Refuse(schema, name, SqlStates.SnapshotMoved, ViewSql.Update(table)),
        DocumentChangeKind.StoreSnapshot => SnapshotSql.Store(table, $"{schema}.{streams.Table}", name),
        DocumentChangeKind.AdvanceSnapshot => SnapshotSql.Advance(
            schema, table, $"{schema}.{streams.Table}", streams.KeepsSnapshots, name),
        DocumentChangeKind.Update => Refuse(schema, name, SqlStates.DocumentMissing, $"""
            update {table} d
            set data = u.data,
                version = d.version + 1,
                modified_at = $4
            from unnest($2, $3) as u (id, data)
            join ({LockRows(table)}) as locked on locked.id = u.id
            where d.tenant = $1
              and d.id = u.id
            returning d.id
            """),
        DocumentChangeKind.Delete => $"""
            delete from {table} d
            using ({LockRows(table)}) as locked
            where d.tenant = $1
              and d.id = locked.id
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    // A document that is expected and not there has version 0.
    private static string CheckSql(SqlIdentifier schema, string table, string name) => $"""
        with locked as materialized (
        {LockRows(table, ", d.version, (extract(epoch from d.created_at) * 1000000)::bigint as life")}
        )
        select {schema}.{RefuseFunction.Name}(
          '{SqlStates.DocumentConflict}',
          pg_catalog.jsonb_build_object('document', '{name}', 'id', wanted.id, 'actual', coalesce(locked.version, 0)))
        from unnest($2, $3, $4) as wanted (id, version, life)
        left join locked on locked.id = wanted.id
        where wanted.version <> coalesce(locked.version, 0)
           or wanted.life <> locked.life
        limit 1
        """;

    // Everywhere, rows are locked in the order of their ids before they are changed. So units that share rows wait for each other instead
    // of deadlocking.
    private static string LockRows(string table, string further = "") => $"""
        select d.id{further}
        from {table} d
        where d.tenant = $1
          and d.id = any ($2)
        order by d.id
        for update
        """;

    /// <summary>
    /// Fails the unit with the first id that the statement did not write. It is searched only if the counts differ, because the search may
    /// take time by the square of the number of documents.
    /// </summary>
    private static string Refuse(SqlIdentifier schema, string name, string sqlState, string write) => $"""
        with written as (
        {write}
        )
        select {schema}.{RefuseFunction.Name}('{sqlState}', pg_catalog.jsonb_build_object('document', '{name}', 'id', wanted.id))
        from pg_catalog.unnest($2) as wanted (id)
        where (select pg_catalog.count(*) from written) < pg_catalog.cardinality($2)
          and not exists (select from written where written.id = wanted.id)
        limit 1
        """;
}
