namespace FluentEventStore.Generators.Shapes;

internal enum NumberKind
{
    Signed,
    Unsigned,
    Fraction,
    Decimal,
}

/// <summary>Which numbers a type holds.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Bits">In how many bits.</param>
internal sealed record NumberRange(NumberKind Kind, int Bits)
{
    /// <summary>Stands for the bits of numbers that have no end.</summary>
    public const int Endless = int.MaxValue;

    /// <summary>Whether it holds all numbers of another range without a loss.</summary>
    public bool Holds(NumberRange other) => (other.Kind, Kind) switch
    {
        _ when other.Kind == Kind => other.Bits <= Bits,
        (NumberKind.Unsigned, NumberKind.Signed) => other.Bits < Bits,
        (NumberKind.Unsigned or NumberKind.Signed, NumberKind.Decimal) => other.Bits <= 64,
        _ => false,
    };
}
