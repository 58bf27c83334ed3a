using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>A sequence that hands out one number at a time, from 1 on. The number 0 is consumed when it is created.</summary>
/// <remarks>
/// Readers of the log rely on that: with a cache, or before the first number is drawn, <c>last_value</c> may be at or above numbers that
/// are not yet handed out.
/// </remarks>
internal sealed class SequenceSchema(SqlIdentifier schema, SqlIdentifier name, long maxValue) : ISchemaObject
{
    private readonly string _settings = $"increment by 1 minvalue 0 maxvalue {maxValue} cache 1 no cycle";

    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, name.Name);

    // Also after somebody has restarted it: consumes what it would hand out next, so that last_value is a number that was handed out.
    private string Consume =>
        $"""
        select pg_catalog.nextval('{schema}.{name}') from {schema}.{name} where not is_called;

        """;

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        writer.WriteLine($"create sequence if not exists {schema}.{name} as bigint {_settings} start with 0;");
        writer.Write(Consume);
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var sequenceName = builder.AddParameter(name.Name).ParameterName;
        var max = builder.AddParameter(maxValue).ParameterName;
        builder.Append(
            $"""
            select c.relkind = 'S' and s.seqtypid = 'bigint'::regtype and s.seqincrement = 1 and s.seqmin = 0 and s.seqmax = :{max}
                       and s.seqcache = 1 and not s.seqcycle,
                   c.relkind = 'S' and pg_catalog.pg_sequence_last_value(s.seqrelid) is not null
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            left join pg_catalog.pg_sequence s on s.seqrelid = c.oid
            where n.nspname = :{schemaName}
              and c.relname = :{sequenceName};

            """);
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        if (!await reader.ReadAsync(ct).ConfigureAwait(false))
            return Growth.Missing(this);

        var asNeeded = reader.GetBoolean(0);
        var consumed = reader.GetBoolean(1);
        return new Growth(
            this,
            additions: consumed ? "" : Consume,
            refusals: asNeeded ? "" : $"alter sequence {schema}.{name} as bigint {_settings};\n");
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
