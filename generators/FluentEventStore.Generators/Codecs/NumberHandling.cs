using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Codecs;

/// <summary>How numbers stand in JSON, if <c>[JsonNumberHandling]</c> says so: as strings too, or as strings only.</summary>
internal static class NumberHandling
{
    /// <summary>As JSON numbers only.</summary>
    public const int Strict = 0;

    // The other values of JsonNumberHandling, which are flags; the third lets numbers be read from strings.
    private const int WriteAsString = 2;
    private const int AllowNamedLiterals = 4;

    /// <summary>What a property or type asks for; <see langword="null"/> if it asks for none.</summary>
    public static int? Of(ISymbol symbol) =>
        symbol.Find(Attributes.JsonNumberHandling)?.ConstructorArguments is [{ Value: int handling }] ? handling : null;

    /// <summary>The codec of a leaf whose numbers are handled so; other leaves keep theirs.</summary>
    public static ScalarCodec Apply(int handling, ITypeSymbol type, Leaf leaf)
    {
        if (handling == Strict || leaf.Number is not { } number)
            return new LeafCodec(leaf);

        var form = (handling & WriteAsString) != 0 ? NumberForm.Text
            : (handling & AllowNamedLiterals) != 0 && number.Kind == NumberKind.Fraction ? NumberForm.Named
            : NumberForm.Lenient;
        return new NumberCodec(leaf, type.Bare(), form);
    }
}
