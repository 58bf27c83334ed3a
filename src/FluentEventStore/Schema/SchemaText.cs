using System.Globalization;
using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;

namespace FluentEventStore.Schema;

/// <summary>The SQL text of schema objects, the same on every platform.</summary>
internal static class SchemaText
{
    public static Migrator Migrator { get; } = new PostgresqlMigrator
    {
        TableCreation = CreationStyle.CreateIfNotExists,
        Formatting = SqlFormatting.Concise,
    };

    /// <summary>
    /// To select in a transaction that compares names and definitions as the server prints them: it makes them look the same whatever the
    /// role has set.
    /// </summary>
    public static string Setting(SqlIdentifier schema) =>
        $"pg_catalog.set_config('search_path', '{schema}', true), pg_catalog.set_config('quote_all_identifiers', 'off', true)";

    public static string Create(ISchemaObject schemaObject) => Write(writer => schemaObject.WriteCreateStatement(Migrator, writer));

    public static string Write(Action<TextWriter> write)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        write(writer);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
