using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Documents;

/// <summary>Writes what the catalog says about a document. Its codec is written like that of any type.</summary>
internal static class DocumentEmitter
{
    public static Registration Register(DocumentModel model) => new(
        new[] { new StoredName("document", model.Name, 1, model.TypeName) }.ToEquatableArray(),
        "global::FluentEventStore.Documents.DocumentCatalog.Register"
            + $"<{model.TypeName}, {model.IdTypeName}, {model.Codec}>({Literals.Text(model.Name)});");
}
