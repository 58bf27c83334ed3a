using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

internal enum ContractKind
{
    Leaf,
    Array,
    Set,
    Map,
    Object,
    Enum,
    Flags,
    Numbers,
}

/// <summary>What a value in JSON is, in words for its meaning, not for the type of C# that reads it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Word">
/// Of a leaf, and of the numbers of an enum: what it is. Of an object that is described elsewhere in the event: the path; else empty.
/// </param>
/// <param name="Key">The keys of a map.</param>
/// <param name="Item">The items of an array or set, or the values of a map.</param>
/// <param name="Names">The names of an enum, after its numbers if these are stored.</param>
internal sealed record ContractType(
    ContractKind Kind, string Word = "", ContractType? Key = null, ContractType? Item = null, EquatableArray<string> Names = default)
{
    private const string Nullable = "nullable ";
    private const string ArrayOf = "array of ";
    private const string SetOf = "set of ";
    private const string MapFrom = "map from ";
    private const string To = " to ";
    private const string Object = "object";
    private const string ObjectLike = "object like ";
    private const string Event = "the event";
    private const string Numbers = " (";

    public bool IsNullable { get; init; }

    /// <summary>Whether it is described at another path: <see cref="Word"/>.</summary>
    public bool IsLike { get; init; }

    /// <summary>Reads what <see cref="ToString"/> writes. What it does not know is a leaf.</summary>
    public static ContractType Parse(string text)
    {
        if (After(text, Nullable) is { } value)
            return Parse(value) with { IsNullable = true };

        if (After(text, ArrayOf) is { } item)
            return new ContractType(ContractKind.Array, Item: Parse(item));

        if (After(text, SetOf) is { } member)
            return new ContractType(ContractKind.Set, Item: Parse(member));

        if (After(text, MapFrom) is { } map && EndOfKey(map) is > 0 and var end)
            return new ContractType(ContractKind.Map, Key: Parse(map.Substring(0, end)), Item: Parse(map.Substring(end + To.Length)));

        if (After(text, ObjectLike) is { } path)
            return new ContractType(ContractKind.Object, path == Event ? ContractPath.Root : path) { IsLike = true };

        if (text == Object)
            return new ContractType(ContractKind.Object);

        foreach (var kind in new[] { ContractKind.Enum, ContractKind.Flags })
        {
            if (After(text, Begin(kind)) is { } names && names.EndsWith(")", StringComparison.Ordinal))
                return new ContractType(kind, Names: EnumNameList.Parse(names.Substring(0, names.Length - 1)));
        }

        return text.IndexOf(Numbers, StringComparison.Ordinal) is > 0 and var word && text.EndsWith(")", StringComparison.Ordinal)
            ? new ContractType(
                ContractKind.Numbers,
                text.Substring(0, word),
                Names: EnumNameList.Parse(text.Substring(word + Numbers.Length, text.Length - word - Numbers.Length - 1)))
            : new ContractType(ContractKind.Leaf, text);
    }

    public override string ToString() => (IsNullable ? Nullable : "") + Kind switch
    {
        ContractKind.Array => ArrayOf + Item,
        ContractKind.Set => SetOf + Item,
        ContractKind.Numbers => $"{Word}{Numbers}{EnumNameList.Write(Names)})",
        ContractKind.Map => MapFrom + Key + To + Item,
        ContractKind.Object when IsLike => ObjectLike + (Word.Length == 0 ? Event : Word),
        ContractKind.Object => Object,
        ContractKind.Enum or ContractKind.Flags => $"{Begin(Kind)}{EnumNameList.Write(Names)})",
        _ => Word,
    };

    private static string Begin(ContractKind kind) => kind == ContractKind.Enum ? "enum (" : "flags (";

    private static int EndOfKey(string map)
    {
        var isEnum = map.StartsWith(Begin(ContractKind.Enum), StringComparison.Ordinal)
            || map.StartsWith(Begin(ContractKind.Flags), StringComparison.Ordinal);
        return map.IndexOf(To, isEnum ? EnumNameList.EndOf(map) : 0, StringComparison.Ordinal);
    }

    private static string? After(string text, string beginning) =>
        text.StartsWith(beginning, StringComparison.Ordinal) ? text.Substring(beginning.Length) : null;
}
