using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>The one row of the table <c>store</c> with the store's lock tag, which no other store in the database has.</summary>
/// <remarks>The tag is also in the comment on the table: every role can read comments, but not the tables of other stores.</remarks>
internal sealed class StoreRowSchema(SqlIdentifier schema) : ISchemaObject
{
    private const string CommentPrefix = "FluentEventStore, lock tag ";

    /// <summary>The table of the row.</summary>
    public const string Store = "store";

    /// <summary>A query for the schema and tag of every store in the database, <c>(schema, lock_tag)</c>.</summary>
    public const string AllTags =
        $"""
        select n.nspname::text as schema, pg_catalog.regexp_replace(d.description, '^{CommentPrefix}0*', '') as lock_tag
        from pg_catalog.pg_description d
        join pg_catalog.pg_class c on c.oid = d.objoid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where d.classoid = 'pg_catalog.pg_class'::regclass
          and d.objsubid = 0
          and d.description operator(pg_catalog.~) '^{CommentPrefix}[0-9]+$'
          and c.relname = 'store'
        """;

    private const string FreeTag =
        $"""
        select free
        from pg_catalog.generate_series(1, 32767) as free
        where free::text not in (select taken.lock_tag from ({AllTags}) as taken)
        order by pg_catalog.random()
        limit 1
        """;

    public DbObjectName Identifier { get; } = PostgresqlProvider.Instance.Parse(schema.Name, Store);

    /// <summary>
    /// Draws another tag. A writer that has read the old one holds a lock on the table until its transaction ends. This waits for all of
    /// them, so that nobody holds a writer's lock that readers no longer look for.
    /// </summary>
    public static string RenewTag(SqlIdentifier schema) =>
        $"""
        do $store$
        declare
            tag smallint;
        begin
            lock table {schema}.{Store} in access exclusive mode;
            update {schema}.{Store}
            set lock_tag = ({FreeTag})
            returning lock_tag into strict tag;
            {Comment(schema)}
        end
        $store$;
        """;

    /// <summary>The table and its row.</summary>
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) => [Table(schema), new StoreRowSchema(schema)];

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine(
        $"""
        do $store$
        declare
            tag smallint;
        begin
            {MigrationLock.Perform}
            select lock_tag into tag from {schema}.{Store};
            if not found then
                insert into {schema}.{Store} (lock_tag) values (({FreeTag})) returning lock_tag into strict tag;
            end if;
            {Comment(schema)}
        end
        $store$;
        """);

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    // The table may be missing. Only plpgsql can first check that and then read the table within one command.
    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        builder.Append(
            $"""
            do $store$
            begin
                perform set_config('fes.lock_tag', '', true);
                if to_regclass('{schema}.{Store}') is not null then
                    perform set_config('fes.lock_tag', (select lock_tag::text from {schema}.{Store}), true);
                end if;
            exception
                when undefined_column then null; -- a table of somebody else, which the comparison of tables reports
            end
            $store$;

            select 1
            from ({AllTags}) as taken
            where taken.schema = :{schemaName}
              and taken.lock_tag = current_setting('fes.lock_tag', true);

            """);
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
        => await reader.ReadAsync(ct).ConfigureAwait(false) ? new Growth(this) : Growth.Missing(this);

    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    private static string Comment(SqlIdentifier schema) =>
        $"execute pg_catalog.format('comment on table {schema}.{Store} is %L', '{CommentPrefix}' || tag);";

    private static StoreTable Table(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Store));
        table.AddColumn("one_row", "boolean").AsPrimaryKey().DefaultValueByExpression("true");
        table.AddColumn("lock_tag", "smallint").NotNull();
        table.AddColumn("installed_at", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("import_secret", "uuid").NotNull().DefaultValueByExpression("gen_random_uuid()");
        table.AddText("fingerprint");
        table.AddText("catalog");
        table.AddColumn("drift", "jsonb");
        table.AddCheck("one_row", "one_row");
        table.AddCheck("lock_tag", "lock_tag >= 1");
        return table;
    }
}
