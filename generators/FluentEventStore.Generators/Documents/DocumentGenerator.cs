using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Documents;

/// <summary>Finds the types marked as documents.</summary>
internal static class DocumentGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "DocumentModel";

    public static Slice Initialize(MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.DocumentAttribute, DocumentParser.Parse);
        return Slice.Of(
            parsed,
            parsed.Models(ModelStep),
            DocumentEmitter.Register,
            static model => new HeldShapes($"document {model.TypeName}", model.Shapes));
    }
}
