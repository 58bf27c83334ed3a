using System.Globalization;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Which leaf types hold every value of another one.</summary>
internal static class LeafTypes
{
    /// <summary>Follows the type of a number that may stand in a string.</summary>
    public const string OrText = " or text";

    /// <summary>Whether all that was stored as one type is read as another without a loss.</summary>
    public static bool Fits(string stored, string current) => (NumberOf(stored), current) switch
    {
        _ when Plain(current) != current => Plain(stored) == Plain(current) || Fits(Plain(stored), Plain(current)),
        (_, "instant with offset") => stored == "instant",
        ({ IsWhole: true }, "integer") => true,
        ({ IsWhole: true, Bits: <= 64 }, "decimal") => true,
        ({ } number, _) when NumberOf(current) is { } wider => number.Kind == wider.Kind
            ? number.Bits <= wider.Bits
            : number.Kind == "uint" && wider.Kind == "int" && number.Bits < wider.Bits,
        _ => false,
    };

    /// <summary>The type of the number itself.</summary>
    public static string Plain(string word) => word.EndsWith(OrText, StringComparison.Ordinal) ? word.Substring(0, word.Length - OrText.Length) : word;

    private static Number? NumberOf(string word)
    {
        foreach (var kind in new[] { "int", "uint", "float" })
        {
            if (word.StartsWith(kind, StringComparison.Ordinal)
                && int.TryParse(word.Substring(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
                return new Number(kind, bits);
        }

        return null;
    }

    private sealed record Number(string Kind, int Bits)
    {
        public bool IsWhole => Kind != "float";
    }
}
