using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Documents;

/// <summary>Finds the types marked as documents.</summary>
internal static class DocumentGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "DocumentModel";

    public static Slice Initialize(MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.DocumentAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, cancellationToken) => DocumentParser.Parse(match, cancellationToken));

        var models = parsed.Models(ModelStep);
        return new Slice(
            models.Select(static (model, _) => DocumentEmitter.Register(model)),
            models.Select(static (model, _) => new HeldShapes($"document {model.TypeName}", model.Shapes)),
            parsed.Select(static (result, _) => Finding.Of(result, static model => DocumentEmitter.Register(model).Names)));
    }
}
