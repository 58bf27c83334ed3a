using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Codecs;

/// <summary>How numbers stand in JSON, where <c>[JsonNumberHandling]</c> says so: as strings too, or as strings only.</summary>
internal static class NumberForm
{
    /// <summary>As JSON numbers only.</summary>
    public const int Strict = 0;

    // The other values of JsonNumberHandling, which are flags; the third lets numbers be read from strings.
    private const int WriteAsString = 2;
    private const int AllowNamedLiterals = 4;

    private static readonly HashSet<string> Fractions = new(StringComparer.Ordinal) { "System.Half", "System.Single", "System.Double" };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "System.Byte", "System.SByte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64", "System.UInt64", "System.Int128", "System.UInt128",
        "System.Numerics.BigInteger", "System.Decimal",
    };

    /// <summary>The form that a property or type asks for; <see langword="null"/> where it asks for none.</summary>
    public static int? Of(ISymbol symbol) => symbol.Find(Attributes.JsonNumberHandling)?.ConstructorArguments is [{ Value: int form }] ? form : null;

    /// <summary>The codec of a type in a form: that of the library, around which another reads and writes strings.</summary>
    public static string Apply(int form, ITypeSymbol type, string codec)
    {
        var isFraction = Fractions.Contains(type.MetadataName());
        if (form == Strict || (!isFraction && !Others.Contains(type.MetadataName())))
            return codec;

        var outer = (form & WriteAsString) != 0 ? "TextNumberCodec" : (form & AllowNamedLiterals) != 0 && isFraction ? "NamedNumberCodec" : "LenientNumberCodec";
        return $"{KnownCodecs.Library}{outer}<{type.Bare()}, {codec}>";
    }
}
