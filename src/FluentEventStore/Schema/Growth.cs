using Weasel.Core;

namespace FluentEventStore.Schema;

/// <summary>How an object of the database falls short of what the store needs, divided into what may be done by itself and what may not.</summary>
/// <param name="schemaObject">The object as the store needs it.</param>
/// <param name="additions">Statements that only add, <c>""</c> where nothing is missing.</param>
/// <param name="refusals">Statements that would drop, rewrite or fail on filled tables: for people to decide on.</param>
/// <param name="drift">What stands there and is not the store's.</param>
internal sealed class Growth(ISchemaObject schemaObject, string additions = "", string refusals = "", IReadOnlyList<SchemaDrift>? drift = null)
    : ISchemaObjectDelta
{
    public ISchemaObject SchemaObject { get; } = schemaObject;

    public string Additions { get; } = additions;

    public string Refusals { get; } = refusals;

    public IReadOnlyList<SchemaDrift> Drift { get; } = drift ?? [];

    public SchemaPatchDifference Difference =>
        Refusals.Length > 0 ? SchemaPatchDifference.Invalid
        : Additions.Length > 0 ? SchemaPatchDifference.Update
        : SchemaPatchDifference.None;

    public static Growth Missing(ISchemaObject schemaObject) => new(schemaObject, SchemaText.Create(schemaObject));

    public void WriteUpdate(Migrator rules, TextWriter writer) => writer.Write(Additions);

    /// <summary>Writes nothing: the schema only grows.</summary>
    public void WriteRollback(Migrator rules, TextWriter writer)
    {
    }

    /// <summary>Writes nothing: the schema only grows.</summary>
    public void WriteRestorationOfPreviousState(Migrator rules, TextWriter writer)
    {
    }
}
