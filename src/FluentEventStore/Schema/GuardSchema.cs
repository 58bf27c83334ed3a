using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>
/// A trigger that keeps everybody, including people in psql, from changing what a table holds. Before each change it calls the function
/// <c>guard()</c> of the table's schema.
/// </summary>
/// <param name="schema">The schema of the table.</param>
/// <param name="table">The guarded table.</param>
/// <param name="columns">The columns whose UPDATE is guarded; empty for all.</param>
internal sealed class GuardSchema(SqlIdentifier schema, SqlIdentifier table, params string[] columns) : ISchemaObject
{
    /// <summary>The function that it calls.</summary>
    public const string Function = "guard";

    private const string OfStatements = "fes_guard";
    private const string OfRows = "fes_guard_rows";

    // pg_trigger.tgtype: FOR EACH ROW is 1, BEFORE 2, DELETE 8, UPDATE 16, TRUNCATE 32.
    private const int Row = 1;
    private const int Before = 2;
    private const int Delete = 8;
    private const int Update = 16;
    private const int Truncate = 32;

    /// <summary>
    /// Whether the function looks at each row that an UPDATE changes, and at nothing else. Otherwise it is called once for each UPDATE,
    /// DELETE and TRUNCATE, whatever the number of rows. Inserts are free.
    /// </summary>
    public bool LooksAtRows { get; init; }

    /// <summary>Whether an UPDATE is left to a trigger that looks at its rows.</summary>
    public bool LeavesUpdates { get; init; }

    private string Trigger => LooksAtRows ? OfRows : OfStatements;

    private int TriggerType => LooksAtRows ? Row + Before + Update : Before + Delete + Truncate + (LeavesUpdates ? 0 : Update);

    public DbObjectName Identifier => PostgresqlProvider.Instance.Parse(schema.Name, $"{table.Name}_{Trigger}");

    /// <summary>Whether a trigger of a table is a guard.</summary>
    public static bool IsGuard(string trigger) => trigger is OfStatements or OfRows;

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        var update = columns.Length == 0 ? "update" : $"update of {string.Join(", ", columns)}";
        var operations = LooksAtRows ? update : LeavesUpdates ? "delete or truncate" : $"{update} or delete or truncate";
        writer.WriteLine($"create or replace trigger {Trigger} before {operations} on {schema}.{table}");
        writer.WriteLine($"for each {(LooksAtRows ? "row" : "statement")} execute function {schema}.{Function}();");
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
