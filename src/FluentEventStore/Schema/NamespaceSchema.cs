using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>The schema that holds everything else.</summary>
internal sealed class NamespaceSchema(SqlIdentifier schema) : ISchemaObject
{
    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, schema.Name);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine($"create schema if not exists {schema};");

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    // Even with IF NOT EXISTS, CREATE SCHEMA needs a right on the database that the store's role may lack.
    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var name = builder.AddParameter(schema.Name).ParameterName;
        builder.Append($"select 1 from pg_catalog.pg_namespace where nspname = :{name};\n");
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
        => await reader.ReadAsync(ct).ConfigureAwait(false) ? new Growth(this) : Growth.Missing(this);

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
