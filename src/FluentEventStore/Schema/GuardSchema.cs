using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>
/// The trigger that keeps everybody, people in psql included, from changing what a table holds: it calls the function <c>guard()</c> before each
/// UPDATE, DELETE and TRUNCATE. It fires once a statement, whatever the number of rows, and not at all for inserts.
/// </summary>
/// <param name="schema">The schema of the store.</param>
/// <param name="table">The guarded table.</param>
/// <param name="columns">The columns whose UPDATE is guarded; none means all.</param>
internal sealed class GuardSchema(SqlIdentifier schema, SqlIdentifier table, params string[] columns) : ISchemaObject
{
    /// <summary>The name of the trigger.</summary>
    public const string Trigger = "fes_guard";

    /// <summary>The function that it calls.</summary>
    public const string Function = "guard";

    // pg_trigger.tgtype: BEFORE is 2, DELETE 8, UPDATE 16, TRUNCATE 32; FOR EACH STATEMENT is the absence of 1.
    private const int TriggerType = 2 + 8 + 16 + 32;

    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, $"{table.Name}_{Trigger}");

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        var update = columns.Length == 0 ? "update" : $"update of {string.Join(", ", columns)}";
        writer.WriteLine($"create or replace trigger {Trigger} before {update} or delete or truncate on {schema}.{table}");
        writer.WriteLine($"for each statement execute function {schema}.{Function}();");
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var tableName = builder.AddParameter(table.Name).ParameterName;
        builder.Append(
            $"""
            select t.tgtype = {TriggerType} and p.proname = '{Function}' and p.pronamespace = c.relnamespace and t.tgqual is null,
                   t.tgenabled in ('O', 'A'),
                   coalesce((select string_agg(a.attname, ',' order by a.attname collate "C")
                             from pg_catalog.pg_attribute a
                             where a.attrelid = c.oid and a.attnum = any (t.tgattr)), '')
            from pg_catalog.pg_trigger t
            join pg_catalog.pg_class c on c.oid = t.tgrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_proc p on p.oid = t.tgfoid
            where n.nspname = :{schemaName}
              and c.relname = :{tableName}
              and t.tgname = '{Trigger}';

            """);
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        if (!await reader.ReadAsync(ct).ConfigureAwait(false))
            return Growth.Missing(this);

        var guarded = string.Join(',', columns.Order(StringComparer.Ordinal));
        var isAsNeeded = reader.GetBoolean(0) && reader.GetString(2) == guarded;
        var isEnabled = reader.GetBoolean(1);
        return new Growth(
            this,
            (isAsNeeded ? "" : SchemaText.Create(this)) + (isEnabled ? "" : $"alter table {schema}.{table} enable trigger {Trigger};\n"));
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
