using Weasel.Core;

namespace FluentEventStore.Schema;

/// <summary>How an object of the database falls short of what the store needs: what may be added automatically, and what may not.</summary>
/// <param name="schemaObject">The object as the store needs it.</param>
/// <param name="additions">Statements that only add; empty if nothing is missing.</param>
/// <param name="refusals">Statements that would drop or rewrite, or fail on filled tables: people must decide on them.</param>
/// <param name="drift">What is there but is not the store's.</param>
internal sealed class Growth(
    ISchemaObject schemaObject, string additions = "", string refusals = "", IReadOnlyList<SchemaDrift>? drift = null)
    : ISchemaObjectDelta
{
    private bool _isMissing;

    public ISchemaObject SchemaObject { get; } = schemaObject;

    public string Additions { get; } = additions;

    public string Refusals { get; } = refusals;

    public IReadOnlyList<SchemaDrift> Drift { get; } = drift ?? [];

    /// <summary>What is wrong with what, in a few words; empty if nothing is.</summary>
    public string Description =>
        _isMissing ? $"{Kind} {SchemaObject.Identifier.Name} is missing"
        : Difference == SchemaPatchDifference.None ? ""
        : $"{Kind} {SchemaObject.Identifier.Name} differs";

    public SchemaPatchDifference Difference =>
        Refusals.Length > 0 ? SchemaPatchDifference.Invalid
        : Additions.Length > 0 ? SchemaPatchDifference.Update
        : SchemaPatchDifference.None;

    private string Kind => SchemaObject switch
    {
        NamespaceSchema => "schema",
        StoreTable => "table",
        StoreRowSchema => "the row of table",
        SequenceSchema => "sequence",
        FunctionSchema => "function",
        GuardSchema => "trigger",
        _ => "object",
    };

    public static Growth Missing(ISchemaObject schemaObject) => new(schemaObject, SchemaText.Create(schemaObject)) { _isMissing = true };

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
