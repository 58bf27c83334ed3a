using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Chooses the constructor by which values are read back.</summary>
internal static class ConstructorChooser
{
    public static IMethodSymbol? Choose(INamedTypeSymbol type, Compilation compilation, Findings findings)
    {
        var all = type.InstanceConstructors.Where(constructor => !IsCopy(constructor, type)).ToArray();
        var marked = all.Where(static constructor => constructor.Has(Attributes.JsonConstructor)).ToArray();
        if (marked.Length > 0)
        {
            var isAccessible = compilation.IsSymbolAccessibleWithin(marked[0], compilation.Assembly);
            if (marked.Length == 1 && isAccessible && !marked[0].IsForbidden())
                return marked[0];

            findings.Add(
                Rules.NoConstructor,
                type,
                type.ForMessage(),
                marked.Length > 1 ? "several constructors are marked with [JsonConstructor]"
                : isAccessible ? "the constructor marked with [JsonConstructor] is obsolete as an error, so generated code cannot call it"
                : "the constructor marked with [JsonConstructor] is private or protected");
            return null;
        }

        // A struct's own parameterless constructor is always there, declared or not.
        var open = all
            .Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public && !constructor.IsForbidden())
            .ToArray();
        var declared = type.IsValueType
            ? [.. open.Where(static constructor => !constructor.IsImplicitlyDeclared || constructor.Parameters.Length > 0)]
            : open;
        if (declared.Length == 1)
            return declared[0];

        var chosen = declared.FirstOrDefault(constructor => IsPrimary(constructor, type))
            ?? open.FirstOrDefault(static constructor => constructor.Parameters.IsEmpty);
        if (chosen is null)
        {
            findings.Add(Rules.NoConstructor, type, type.ForMessage(), declared.Length == 0
                ? all.Any(static constructor => constructor.IsForbidden())
                    ? "it has no public constructor that is not obsolete as an error"
                    : "it has no public constructor"
                : "it has several public constructors; mark one with [JsonConstructor]");
        }

        return chosen;
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters is [var only] && SymbolEqualityComparer.Default.Equals(only.Type, type);

    /// <summary>
    /// Whether the parameters stand behind the record's name; in a compiled record, whether they are those that it deconstructs into.
    /// </summary>
    private static bool IsPrimary(IMethodSymbol constructor, INamedTypeSymbol type)
    {
        if (constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is RecordDeclarationSyntax))
            return true;

        return type.GetMembers("Deconstruct").OfType<IMethodSymbol>().Any(method =>
            method.Has(Attributes.CompilerGenerated)
            && method.Parameters.Select(static parameter => parameter.Type)
                .SequenceEqual(constructor.Parameters.Select(static parameter => parameter.Type), SymbolEqualityComparer.Default));
    }
}
