using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Documents;

/// <summary>The statements that write snapshots of streams.</summary>
internal static class SnapshotSql
{
    private const string Columns =
        "tenant, id, data, version, created_at, modified_at, deleted_at, type, stream, rewritten, subjects";

    /// <summary>What an existing row becomes.</summary>
    private const string Replacement = """
        data = excluded.data,
            version = excluded.version,
            created_at = excluded.created_at,
            modified_at = excluded.modified_at,
            deleted_at = excluded.deleted_at,
            stream = excluded.stream,
            rewritten = excluded.rewritten,
            subjects = excluded.subjects
        """;

    private const string Unnested = """
        unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
              as u (id, data, created_at, modified_at, deleted_at, version, subjects, stream, rewrites)
        """;

    /// <summary>Writes them whatever their rows hold: the unit has locked and checked the streams.</summary>
    public static string Store(string table, string streams, string name) => $"""
        insert into {table} ({Columns})
        select $1, u.id, u.data, u.version, u.created_at, u.modified_at, u.deleted_at, '{name}', s.key, s.rewritten + u.rewrites,
               nullif(u.subjects, 'null')
        from {Unnested}
        cross join lateral (
          select s.key, s.rewritten
          from {streams} s
          where s.tenant = $1
            and s.id = u.stream
          limit 1
        ) as s
        order by u.id
        on conflict (tenant, id) do update
        set {Replacement}
        """;

    /// <summary>
    /// Writes them unless their rows hold later ones, and leaves out streams that are hidden or linked by now. If the past of a stream has
    /// changed since it was read, the unit fails.
    /// </summary>
    public static string Advance(SqlIdentifier schema, string table, string streams, string keepsSnapshots, string name) => $"""
        with folded as materialized (
          select u.*, s.rewritten_by_now, s.keeps
          from {Unnested}
          cross join lateral (
            select s.rewritten as rewritten_by_now, {keepsSnapshots} as keeps
            from {streams} s
            where s.key = u.stream
            limit 1
          ) as s
        ), written as (
          insert into {table} as d ({Columns})
          select $1, f.id, f.data, f.version, f.created_at, f.modified_at, f.deleted_at, '{name}', f.stream, f.rewrites,
                 nullif(f.subjects, 'null')
          from folded f
          where f.rewritten_by_now = f.rewrites
            and f.keeps
          order by f.id
          on conflict (tenant, id) do update
          set {Replacement}
          where (excluded.stream, excluded.rewritten, excluded.version)
              > (coalesce(d.stream, 0), coalesce(d.rewritten, 0), d.version)
        )
        select {schema}.{RefuseFunction.Name}('{SqlStates.SnapshotMoved}', pg_catalog.jsonb_build_object('document', '{name}', 'id', f.id))
        from folded f
        where f.rewritten_by_now <> f.rewrites
        limit 1
        """;
}
