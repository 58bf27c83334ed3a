using System.Text;
using System.Text.Json;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Schema;

/// <summary>
/// What the last full check saw: what was needed, what the catalog held, and the drift. While the first two stay the same, another check
/// would find the same.
/// </summary>
internal sealed class SchemaStamp(SqlIdentifier schema, StoreObjects objects)
{
    /// <summary>The drift found by the last full check, or <see langword="null"/> if one is due. One query.</summary>
    public async Task<IReadOnlyList<SchemaDrift>?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch(connection);
        batch.Add($"select {SchemaText.Setting(schema)}");
        AddParameters(batch.Add(
            $"""
            select drift::text
            from {schema}.{StoreRowSchema.Store}
            where fingerprint = $3
              and catalog = ({CatalogHash})
            """).Parameters);
        try
        {
            return await batch
                .ReadToTheEndAsync(
                    true, static (row, _) => row.FieldCount == 1 && !row.IsDBNull(0) ? Parse(row.GetString(0)) : null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return null;
        }
    }

    public async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<SchemaDrift> drift, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(
            $"""
            update {schema}.{StoreRowSchema.Store}
            set fingerprint = $3, catalog = ({CatalogHash}), drift = $4
            """,
            connection);
        await using var _ = command.ConfigureAwait(false);
        AddParameters(command.Parameters);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Json(drift), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private void AddParameters(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = objects.Schemas });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = objects.Names });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = objects.Fingerprint });
    }

    private static string Json(IReadOnlyList<SchemaDrift> drift)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var item in drift)
            {
                writer.WriteStartObject();
                writer.WriteString("table", item.Table);
                writer.WriteString("kind", item.Kind.ToString());
                writer.WriteString("description", item.Description);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // Another version of the library that needs the same may have written it, with kinds of drift that this one does not know.
    private static List<SchemaDrift>? Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var drift = new List<SchemaDrift>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (!Enum.TryParse<SchemaDriftKind>(item.GetProperty("kind").GetString(), out var kind))
                return null;

            drift.Add(
                new SchemaDrift(item.GetProperty("table").GetString() ?? "", kind, item.GetProperty("description").GetString() ?? ""));
        }

        return drift;
    }

    // $1: the schemas, $2: the names of the store's objects. The catalog's own numbers (oid, xmin) do not survive a restore, so it hashes
    // what they stand for.
    private const string CatalogHash =
        """
        with relation as materialized (
            select c.oid, c.relnamespace::pg_catalog.regnamespace as space, c.relname, c.relkind, c.relpersistence,
                   c.relrowsecurity, c.reloptions
            from pg_catalog.pg_class c
            where c.relnamespace in (select n.oid from pg_catalog.pg_namespace n where n.nspname = any($1))
              and c.relname = any($2)
        ), item(text) as (
            select concat_ws(' ', 'relation', space, relname, relkind, relpersistence, relrowsecurity, reloptions::text,
                             obj_description(oid, 'pg_class'))
            from relation
            union all
            select concat_ws(' ', 'column', r.space, r.relname, a.attname, a.atttypid::regtype, a.atttypmod, a.attnotnull, a.attidentity,
                             a.attgenerated,
                             (select l.collname from pg_catalog.pg_collation l where l.oid = a.attcollation),
                             pg_get_expr(d.adbin, d.adrelid))
            from relation r
            join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
            left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where r.relkind <> 'S'
            union all
            select concat_ws(' ', 'index', r.space, r.relname, i.indisvalid, i.indisready, pg_get_indexdef(i.indexrelid))
            from relation r
            join pg_catalog.pg_index i on i.indrelid = r.oid
            union all
            select concat_ws(' ', 'constraint', r.space, r.relname, k.conname, pg_get_constraintdef(k.oid))
            from relation r
            join pg_catalog.pg_constraint k on k.conrelid = r.oid
            union all
            select concat_ws(' ', 'trigger', r.space, r.relname, t.tgname, t.tgenabled, t.tgtype, t.tgattr::text, p.proname,
                             t.tgqual is null)
            from relation r
            join pg_catalog.pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
            join pg_catalog.pg_proc p on p.oid = t.tgfoid
            union all
            select concat_ws(' ', 'sequence', r.space, r.relname, s.seqtypid::regtype, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                             s.seqcycle,
                             pg_sequence_last_value(s.seqrelid) is null)
            from relation r
            join pg_catalog.pg_sequence s on s.seqrelid = r.oid
            union all
            select concat_ws(' ', 'function', p.pronamespace::pg_catalog.regnamespace, p.proname,
                             pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), p.prolang, p.provolatile,
                             p.prosecdef, p.proisstrict, p.proleakproof, p.prokind, p.proconfig::text, p.prosrc)
            from pg_catalog.pg_proc p
            where p.pronamespace in (select n.oid from pg_catalog.pg_namespace n where n.nspname = any($1))
              and p.proname = any($2)
        )
        select md5(string_agg(text, E'\n' order by text collate "C"))
        from item
        """;
}
