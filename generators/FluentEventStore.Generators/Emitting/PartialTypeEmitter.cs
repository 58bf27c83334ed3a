using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Emitting;

/// <summary>Opens and closes the declarations around what is added to a user's type.</summary>
internal static class PartialTypeEmitter
{
    public static void Open(this SourceWriter writer, PartialType type)
    {
        if (type.Namespace.Length > 0)
        {
            writer.Line($"namespace {type.Namespace};");
            writer.Line();
        }

        foreach (var declaration in type.Declarations)
        {
            writer.Open(declaration);
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
