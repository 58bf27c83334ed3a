using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Which leaf types hold every value of another one.</summary>
internal static class LeafTypes
{
    /// <summary>Follows the type of a number that may stand in a string.</summary>
    public const string OrText = " or text";

    /// <summary>Whether all that was stored as one type is read as another without a loss.</summary>
    public static bool Fits(string stored, string current) =>
        Plain(current) != current ? Plain(stored) == Plain(current) || Fits(Plain(stored), Plain(current))
        : current == "instant with offset" ? stored == "instant"
        : Leaf.Find(stored)?.Number is { } number && Leaf.Find(current)?.Number is { } wider && wider.Holds(number);

    /// <summary>The type of the number itself.</summary>
    public static string Plain(string word) =>
        word.EndsWith(OrText, StringComparison.Ordinal) ? word.Substring(0, word.Length - OrText.Length) : word;
}
