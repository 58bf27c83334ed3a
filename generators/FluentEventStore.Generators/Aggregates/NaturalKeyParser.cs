using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Makes the model of a natural key from the methods that say it.</summary>
internal static class NaturalKeyParser
{
    private const string Key = "key";

    private static readonly Argument[] Events = [Argument.Data, Argument.Event, Argument.Metadata];

    /// <returns><see langword="null"/> if no method says a key, or one that does is reported.</returns>
    public static NaturalKeyModel? Parse(INamedTypeSymbol type, MethodParser methods, Compilation compilation, Findings findings)
    {
        var found = methods.Parse(
            new MethodRule(
                "",
                Events,
                candidate => FaultOf(candidate.Method, compilation),
                Mark: KnownTypes.NaturalKeyAttribute,
                Broken: Rules.InvalidNaturalKey));
        if (found.Count == 0)
            return null;

        var keyType = KeyTypeOf(found[0].Symbol);
        foreach (var other in found.Skip(1))
        {
            if (!SymbolEqualityComparer.Default.Equals(KeyTypeOf(other.Symbol), keyType))
                findings.Add(
                    Rules.InvalidNaturalKey,
                    other.Symbol,
                    other.Symbol.ForMessage(),
                    $"it returns '{KeyTypeOf(other.Symbol).ForMessage()}', but '{found[0].Symbol.ForMessage()}' returns "
                        + $"'{keyType.ForMessage()}': all methods of '{type.Name}' return one type");
        }

        foreach (var method in found)
        {
            if (PersonalDataFlow.FindIn(method.Symbol, compilation) is { } personal)
                findings.Add(
                    Rules.InvalidNaturalKey,
                    method.Symbol,
                    method.Symbol.ForMessage(),
                    $"'{personal.ForMessage()}' is personal data, which would stay in plain text when its subject is forgotten");
        }

        return new NaturalKeyModel(
            keyType.Bare(),
            TextOf(keyType)!,
            found.Cases(),
            found.Select(static method => method.Taken!.Bare()).ToEquatableArray());
    }

    private static string? FaultOf(IMethodSymbol method, Compilation compilation) => method switch
    {
        { IsStatic: false } => "it must be static",
        { ReturnsVoid: true } => "it returns nothing",
        _ when TextOf(KeyTypeOf(method)) is null =>
            $"'{KeyTypeOf(method).ForMessage()}' cannot be a key: it must be string, Guid, int, long, or a positional record struct "
                + "with one of these",
        _ when !compilation.IsSymbolAccessibleWithin(KeyTypeOf(method), compilation.Assembly) =>
            $"'{KeyTypeOf(method).ForMessage()}', or a type around it, is private or protected, so generated code cannot name it",
        _ when KeyTypeOf(method) is INamedTypeSymbol key && Nameable.FaultOf(key, compilation) is { } fault =>
            $"'{key.ForMessage()}' {fault}",
        _ => null,
    };

    // One that may be null says that there is no key.
    private static ITypeSymbol KeyTypeOf(IMethodSymbol method) => method.ReturnType switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] } => value,
        var type => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated),
    };

    /// <summary>The key as it is stored; <see langword="null"/> if the type is none of keys.</summary>
    private static string? TextOf(ITypeSymbol type)
    {
        if (IdTypes.IsIdType(type))
            return TextOf(type, Key);

        return type is INamedTypeSymbol named && IdTypes.FindValue(named, mayChange: true) is { } value
            ? TextOf(value.Type, $"{Key}.{TypeNames.Escape(value.Name)}")
            : null;
    }

    private static string TextOf(ITypeSymbol type, string value) => type.SpecialType switch
    {
        SpecialType.System_String => value,
        SpecialType.System_Int32 or SpecialType.System_Int64 =>
            $"{value}.ToString(global::System.Globalization.CultureInfo.InvariantCulture)",
        _ => $"{value}.ToString(\"D\")",
    };
}
