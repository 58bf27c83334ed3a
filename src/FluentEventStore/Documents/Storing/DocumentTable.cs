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

    /// <param name="schema">The schema that holds it.</param>
    /// <param name="type">The type of the documents.</param>
    /// <param name="streams">The table of streams in that schema, which rows of snapshots point at.</param>
    public DocumentTable(SqlIdentifier schema, DocumentType type, string streams)
    {
        Type = type;
        var table = $"{schema}.{type.Table}";
        _load = $"""
            select data, 1::bigint as ordinal, version, created_at
            from {table}
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
              from {table} d
              where d.tenant = $1
                and d.id = wanted.id
                and d.deleted_at is null
              limit 1
            ) as d
            order by wanted.ordinal
            """;
        _lock = $"select pg_catalog.count(*) from ({LockRows(table)}) as locked";
        _check = CheckSql(schema, table, type.Name);
        _writes = [.. Enum.GetValues<DocumentChangeKind>().Select(kind => WriteSql(kind, schema, table, $"{schema}.{streams}", type.Name))];
    }

    public DocumentType Type { get; }

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

    /// <summary>Begins the statement for changes of one kind, with the tenant and the ids.</summary>
    public NpgsqlBatchCommand AddWrite(NpgsqlBatch batch, DocumentChangeKind kind, TenantId tenantId, IReadOnlyList<DocumentId> ids)
    {
        var command = batch.Add(_writes[(int)kind]).With(tenantId.Value, NpgsqlDbType.Text);
        Type.AddIds(command, ids);
        return command;
    }

    /// <summary>What an existing row of a snapshot becomes.</summary>
    private const string Replacement = """
        data = excluded.data,
            version = excluded.version,
            modified_at = excluded.modified_at,
            deleted_at = null,
            stream = excluded.stream,
            rewritten = excluded.rewritten,
            subjects = excluded.subjects
        """;

    private static string WriteSql(DocumentChangeKind kind, SqlIdentifier schema, string table, string streams, string name) => kind switch
    {
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
        DocumentChangeKind.StoreSnapshot => $"""
            insert into {table} (tenant, id, data, version, created_at, modified_at, type, stream, rewritten, subjects)
            select $1, u.id, u.data, u.version, $4, $4, '{name}', s.key, s.rewritten + u.rewrites, nullif(u.subjects, 'null')
            from unnest($2, $3, $5, $6, $7, $8) as u (id, data, stream_id, version, rewrites, subjects)
            cross join lateral (
              select s.key, s.rewritten
              from {streams} s
              where s.tenant = $1
                and s.id = u.stream_id
              limit 1
            ) as s
            order by u.id
            on conflict (tenant, id) do update
            set {Replacement}
            """,
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
