using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Documents;

/// <summary>
/// The view through which people and reports read documents that are derived from events, whichever version of the projection serves. It is
/// created once: from then on only a switch of versions replaces it.
/// </summary>
internal sealed class DerivedViewSchema(SqlIdentifier schema, SqlIdentifier name, SqlIdentifier table) : ISchemaObject
{
    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, name.Name);

    /// <summary>The statement that lets the view show a table.</summary>
    public static string Show(SqlIdentifier schema, SqlIdentifier name, SqlIdentifier table) => $"""
        create or replace view {schema}.{name} as
        select tenant, id, data, version, created_at, modified_at, deleted_at, type
        from {schema}.{table}
        where deleted_at is null
        """;

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine(
        $"""
        do $view$
        begin
          if pg_catalog.to_regclass('{schema}.{name}') is null then
            {Show(schema, name, table)};
          end if;
        end
        $view$;
        """);

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var viewName = builder.AddParameter(name.Name).ParameterName;
        builder.Append(
            $"""
            select c.relkind = 'v'
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

        return new Growth(
            this, refusals: reader.GetBoolean(0) ? "" : $"alter table {schema}.{name} rename to {name}_before;\n{SchemaText.Create(this)}");
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
