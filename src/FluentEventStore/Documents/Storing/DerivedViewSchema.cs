using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Documents;

/// <summary>
/// The view through which people and reports read documents that are derived from events. It shows the tables of all versions of the
/// projection, of which only the one that serves has rows: so a switch is a change of rows alone.
/// </summary>
internal sealed class DerivedViewSchema(SqlIdentifier schema, DerivedType derived) : ISchemaObject
{
    private readonly SqlIdentifier _name = derived.Type.Table;

    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, derived.Type.Table.Name);

    private string Newest => derived.Tables[^1].Name;

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine(
        $"""
        do $view$
        declare
          v_table record;
          v_newest integer;
          v_tables text[] := array[]::text[];
        begin
          for v_table in
            select c.relname, t.version, t.slot, max(t.version) over () as newest
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            cross join lateral (
              select (pg_catalog.regexp_match(c.relname, '([0-9]+)b?$'))[1]::integer as version,
                     case when pg_catalog.right(c.relname, 1) = 'b' then 1 else 0 end as slot
            ) as t
            where n.nspname = '{schema.Name}'
              and c.relkind = 'r'
              and c.relname operator(pg_catalog.~) '^{_name.Name}_v[0-9]+b?$'
            order by t.version, t.slot
          loop
            v_tables := v_tables || pg_catalog.format(
              'select tenant, id, data, version, created_at, modified_at, deleted_at, type from {schema}.%I where deleted_at is null and '
                || 'coalesce((select p.version = %s and p.slot = %s from {schema}.{ProjectionTables.Projections} p where p.name = %L and '
                || 'p.serves), %s)',
              v_table.relname, v_table.version, v_table.slot, '{derived.Projection}',
              (v_table.version = v_table.newest and v_table.slot = 0)::text);
          end loop;
          execute 'create or replace view {schema}.{_name} as ' || pg_catalog.array_to_string(v_tables, ' union all ');
        end
        $view$;
        """);

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var viewName = builder.AddParameter(_name.Name).ParameterName;
        var newest = builder.AddParameter(Newest).ParameterName;
        builder.Append(
            $"""
            select c.relkind = 'v',
                   c.relkind = 'v' and pg_catalog.strpos(pg_catalog.pg_get_viewdef(c.oid), :{newest}) > 0
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = :{schemaName}
              and c.relname = :{viewName};

            """);
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        if (!await reader.ReadAsync(ct).ConfigureAwait(false))
            return Growth.Missing(this);

        var (isView, showsAll) = (reader.GetBoolean(0), reader.GetBoolean(1));
        return new Growth(
            this,
            additions: isView && !showsAll ? SchemaText.Create(this) : "",
            refusals: isView ? "" : $"alter table {schema}.{_name} rename to {_name}_before;\n{SchemaText.Create(this)}");
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
