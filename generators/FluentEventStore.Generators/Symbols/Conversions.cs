using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Symbols;

/// <summary>
/// Which values are values of another type, as a switch over types sees it: conversions that users have declared do not count.
/// </summary>
internal static class Conversions
{
    /// <summary>Whether every value of a type is one of the other: the same type, a base type, or an interface.</summary>
    public static bool Is(this Compilation compilation, ITypeSymbol type, ITypeSymbol other) =>
        compilation.ClassifyConversion(type, other) is { IsIdentity: true }
            or { IsImplicit: true, IsReference: true }
            or { IsImplicit: true, IsBoxing: true };
}
