using System.Globalization;
using FluentEventStore.Postgres;

namespace FluentEventStore.Documents;

/// <summary>Where sessions read documents that are derived from events.</summary>
internal static class DerivedSql
{
    private const string Columns = "tenant, id, data, version, created_at, deleted_at";

    /// <summary>
    /// The rows of the version that a process declares, of whichever of its tables serves; as long as the version has not been built, those
    /// of the one that serves. One statement chooses and reads: no reader sees two versions, or none.
    /// </summary>
    public static string Source(SqlIdentifier schema, DerivedType derived)
    {
        // Before a daemon has entered anything, there is nothing but what units of work wrote.
        var known = $"from {schema}.{ProjectionTables.Projections} p where p.name = '{derived.Projection}'";
        var state = $"{known} and p.version = {derived.Version.ToString(CultureInfo.InvariantCulture)}";
        var isNew = $"not exists (select {known})";
        return $"""
            (
              select {Columns}
              from {schema}.{derived.Tables[0]}
              where coalesce((select p.ready and p.slot = 0 {state}), {isNew})
              union all
              select {Columns}
              from {schema}.{derived.Tables[1]}
              where (select p.ready and p.slot = 1 {state})
              union all
              select {Columns}
              from {schema}.{derived.Type.Table}
              where not coalesce((select p.ready {state}), {isNew})
            )
            """;
    }

    private const string Given = "unnest($2, $3, $4, $5, $6, $7) as u (id, data, created_at, modified_at, deleted_at, version)";
    private const string Written = "tenant, id, data, version, created_at, modified_at, type";

    /// <summary>Writes documents, whether there are rows or not. They count the events that wrote them.</summary>
    public static string Store(string table, string name) => $"""
        insert into {table} as d ({Written})
        select $1, u.id, u.data, u.version, u.created_at, u.modified_at, '{name}'
        from {Given}
        order by u.id
        on conflict (tenant, id) do update
        set data = excluded.data,
            version = d.version + excluded.version,
            modified_at = excluded.modified_at,
            deleted_at = null
        """;

    /// <summary>Writes documents as if they had no rows.</summary>
    public static string Replace(string table, string name) => $"""
        insert into {table} ({Written})
        select $1, u.id, u.data, u.version, u.created_at, u.modified_at, '{name}'
        from {Given}
        order by u.id
        on conflict (tenant, id) do update
        set data = excluded.data,
            version = excluded.version,
            created_at = excluded.created_at,
            modified_at = excluded.modified_at,
            deleted_at = null
        """;

    /// <summary>Writes documents that have no rows.</summary>
    public static string Insert(string table, string name) => $"""
        insert into {table} ({Written})
        select $1, u.id, u.data, u.version, u.created_at, u.modified_at, '{name}'
        from {Given}
        order by u.id
        on conflict (tenant, id) do nothing
        returning id
        """;

    /// <summary>Writes documents that have rows.</summary>
    public static string Update(string table) => $"""
        update {table} d
        set data = u.data,
            version = d.version + u.version,
            modified_at = u.modified_at
        from {Given}
        where d.tenant = $1
          and d.id = u.id
        returning d.id
        """;
}
