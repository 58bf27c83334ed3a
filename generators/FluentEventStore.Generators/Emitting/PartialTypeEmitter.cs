using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Opens and closes the declarations around what is added to a user's type.</summary>
internal static class PartialTypeEmitter
{
    /// <param name="writer">Writes.</param>
    /// <param name="type">The type.</param>
    /// <param name="implements">The interface that is added to it.</param>
    /// <param name="attribute">The attribute that is added to it.</param>
    public static void Open(this SourceWriter writer, PartialType type, string? implements = null, string? attribute = null)
    {
        if (type.Namespace.Length > 0)
        {
            writer.Line($"namespace {type.Namespace};");
            writer.Line();
        }

        for (var index = 0; index < type.Declarations.Count; index++)
        {
            var isOwn = index == type.Declarations.Count - 1;
            if (isOwn && attribute is not null)
                writer.Line(attribute);

            writer.Open(type.Declarations[index] + (isOwn && implements is not null ? $" : {implements}" : ""));
        }
    }

    public static void Close(this SourceWriter writer, PartialType type)
    {
        foreach (var _ in type.Declarations)
        {
            writer.Close();
        }
    }
}
