using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>The types that a compilation knows. Walking through them takes time, and is left to rules that would rarely ask.</summary>
internal static class DeclaredTypes
{
    /// <summary>The events, those of referenced assemblies too.</summary>
    public static IEnumerable<INamedTypeSymbol> Events(Compilation compilation, CancellationToken cancellationToken) =>
        Concrete(compilation, cancellationToken)
            .Where(static type => type.Has(KnownTypes.EventAttribute))
            .Concat(
                compilation.SourceModule.ReferencedAssemblySymbols
                    .Prepend(compilation.Assembly)
                    .SelectMany(static assembly => assembly.GetAttributes())
                    .Select(EventOf)
                    .OfType<INamedTypeSymbol>());

    /// <summary>
    /// The types of the compiled assembly that may be commands: commands bear no mark, so every type counts that is not said to be
    /// something else.
    /// </summary>
    public static IEnumerable<INamedTypeSymbol> Commands(
        Compilation compilation, ITypeSymbol? state, CancellationToken cancellationToken) =>
        Concrete(compilation, cancellationToken)
            .Where(type => !IsSomethingElse(type) && !(state is not null && compilation.Is(type, state)));

    private static bool IsSomethingElse(INamedTypeSymbol type) =>
        type.IsMarked()
            || (type.BaseType is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } baseType
                && (baseType.IsOfSystem() || IsSomethingElse(baseType)));

    private static IEnumerable<INamedTypeSymbol> Concrete(Compilation compilation, CancellationToken cancellationToken) =>
        In(compilation.Assembly.GlobalNamespace, cancellationToken)
            .Where(static type => type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false, IsStatic: false });

    private static IEnumerable<INamedTypeSymbol> In(INamespaceOrTypeSymbol container, CancellationToken cancellationToken)
    {
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (member is INamedTypeSymbol type)
                yield return type;

            foreach (var inner in In(member, cancellationToken))
            {
                yield return inner;
            }
        }
    }

    private static INamedTypeSymbol? EventOf(AttributeData attribute) => attribute.AttributeClass?.MetadataName() switch
    {
        KnownTypes.GeneratedNameAttribute
            when attribute.ConstructorArguments is [{ Value: StoredName.Event }, _, _, { Value: INamedTypeSymbol type }] => type,
        KnownTypes.ClosedEventAttribute when attribute.ConstructorArguments is [{ Value: INamedTypeSymbol closed }, ..] => closed,
        _ => null,
    };
}
