using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>
/// The tables of tags: which events have them, and the head of each, a row that is locked by all who write the tag or rest on it.
/// </summary>
internal static class TagsSchema
{
    public const string TagHeads = "tag_heads";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        EventTagsTable(schema),
        TagHeadsTable(schema),
        new FunctionSchema(schema, TagFunctions.Enter, TagFunctions.EnterArguments, "void", TagFunctions.EnterBody(schema)),
        new FunctionSchema(schema, TagFunctions.Forget, TagFunctions.ForgetArguments, "void", TagFunctions.ForgetBody(schema)),
        new FunctionSchema(schema, TagImportedFunction.Name, TagImportedFunction.Arguments, "void", TagImportedFunction.Body(schema)),
        new FunctionSchema(schema, TagFunctions.Tag, TagFunctions.TagArguments, "void", TagFunctions.TagBody(schema)),
    ];

    private static StoreTable EventTagsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(EventTables.EventTags));
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("tag").AsPrimaryKey();
        table.AddColumn("position", "bigint").AsPrimaryKey();

        // The tags of an event are exported and removed by position.
        table.AddUnique("position", "tag");
        return table;
    }

    private static StoreTable TagHeadsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(TagHeads));
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("tag").AsPrimaryKey();
        table.AddColumn("position", "bigint").NotNull();
        return table;
    }
}
