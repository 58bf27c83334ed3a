
namespace FluentEventStore.Documents;

/// <summary>The statements that read and write views: documents that gather events of many streams.</summary>
internal static class ViewSql
{
    private const string Given = "u (id, data, created_at, modified_at, deleted_at, version)";
    private const string Columns = "tenant, id, data, version, created_at, modified_at, deleted_at, type";

    /// <summary>Reads rows, deleted ones too.</summary>
    public static string Read(string table) => $"""
        select wanted.ordinal, d.version, d.created_at, d.deleted_at is not null, d.data
        from pg_catalog.unnest($2) with ordinality as wanted (id, ordinal)
        cross join lateral (
          select d.data, d.version, d.created_at, d.deleted_at
          from {table} d
          where d.tenant = $1
            and d.id = wanted.id
          limit 1
        ) as d
        """;

    /// <summary>
    /// Reads and locks rows, in the order of their ids. Those that are missing are made, deleted and of version 0, so that others wait for
    /// them too.
    /// </summary>
    public static string Lock(string table, string name) => $"""
        with locked as (
          insert into {table} as d ({Columns})
          select $1, u.id, '{Nothing}', 0, $3, $3, $3, '{name}'
          from pg_catalog.unnest($2) as u (id)
          order by u.id
          on conflict (tenant, id) do update
          set version = d.version
          returning d.id, d.version, d.created_at, d.deleted_at, d.data
        )
        select wanted.ordinal, d.version, d.created_at, d.deleted_at is not null, d.data
        from pg_catalog.unnest($2) with ordinality as wanted (id, ordinal)
        join locked d on d.id = wanted.id
        """;

    /// <summary>Writes views that have no row; fails if one has.</summary>
    public static string Insert(string table, string name) => $"""
        insert into {table} ({Columns})
        select $1, u.id, u.data, u.version, u.created_at, u.modified_at, u.deleted_at, '{name}'
        from unnest($2, $3, $4, $5, $6, $7) as {Given}
        order by u.id
        on conflict (tenant, id) do nothing
        returning id
        """;

    /// <summary>Writes views whose rows hold as many events as they did when they were read; fails if one does not.</summary>
    public static string Update(string table) => $"""
        update {table} d
        set data = u.data,
            version = u.version,
            created_at = u.created_at,
            modified_at = u.modified_at,
            deleted_at = u.deleted_at
        from unnest($2, $3, $4, $5, $6, $7, $8) as u (id, data, created_at, modified_at, deleted_at, version, expected)
        where d.tenant = $1
          and d.id = u.id
          and d.version = u.expected
        returning d.id
        """;

    private const string Nothing = "{}";
}
