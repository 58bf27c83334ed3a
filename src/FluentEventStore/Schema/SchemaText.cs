using System.Globalization;
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

    public static string Create(ISchemaObject schemaObject) => Write(writer => schemaObject.WriteCreateStatement(Migrator, writer));

    public static string Write(Action<TextWriter> write)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        write(writer);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
