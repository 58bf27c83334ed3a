using FluentEventStore.Postgres;
using Weasel.Core;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>What Weasel does not read about a table: its kind, collations, identity columns, primary key and triggers.</summary>
internal sealed class TableFacts
{
    private readonly Dictionary<(string Kind, string Name), string> _facts = [];

    /// <summary><c>r</c> for an ordinary table.</summary>
    public string RelationKind => _facts.GetValueOrDefault(("kind", ""), "r");

    /// <summary><c>p</c> for a table that survives a crash.</summary>
    public string Persistence => _facts.GetValueOrDefault(("persistence", ""), "p");

    public bool HasRowSecurity => _facts.ContainsKey(("row security", ""));

    /// <summary>The name of the primary key and its columns, comma-separated; <see langword="null"/> if there is none.</summary>
    /// <remarks>Weasel sees it only if the role may write.</remarks>
    public (string Name, string Columns)? PrimaryKey => Of("primary key").Select(static key => ((string, string)?)key).FirstOrDefault();

    public IEnumerable<(string Name, string Definition)> Triggers => Of("trigger");

    public string? Collation(string column) => _facts.GetValueOrDefault(("collation", column));

    public bool IsIdentity(string column) => _facts.ContainsKey(("identity", column));

    public static void ConfigureQueryCommand(DbCommandBuilder builder, SqlIdentifier schema, SqlIdentifier table)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var tableName = builder.AddParameter(table.Name).ParameterName;
        builder.Append(
            $"""
            select fact.kind, fact.name, fact.value
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            cross join lateral (
                select 'kind', '', c.relkind::text
                union all
                select 'persistence', '', c.relpersistence::text
                union all
                select 'row security', '', '' where c.relrowsecurity
                union all
                select 'collation', a.attname::text, l.collname::text
                from pg_catalog.pg_attribute a
                join pg_catalog.pg_collation l on l.oid = a.attcollation
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                union all
                select 'identity', a.attname::text, a.attidentity::text
                from pg_catalog.pg_attribute a
                where a.attrelid = c.oid and a.attidentity <> ''
                union all
                select 'primary key', k.conname::text, (
                    select string_agg(a.attname, ',' order by key.ordinal)
                    from unnest(k.conkey) with ordinality as key(attnum, ordinal)
                    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = key.attnum)
                from pg_catalog.pg_constraint k
                where k.conrelid = c.oid and k.contype = 'p'
                union all
                select 'trigger', t.tgname::text, pg_catalog.pg_get_triggerdef(t.oid)
                from pg_catalog.pg_trigger t
                where t.tgrelid = c.oid and not t.tgisinternal
            ) as fact(kind, name, value)
            where n.nspname = :{schemaName}
              and c.relname = :{tableName};

            """);
    }

    public static async Task<TableFacts> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var facts = new TableFacts();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            facts._facts[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        return facts;
    }

    private IEnumerable<(string Name, string Value)> Of(string kind)
        => _facts.Where(fact => fact.Key.Kind == kind).Select(static fact => (fact.Key.Name, fact.Value));
}
