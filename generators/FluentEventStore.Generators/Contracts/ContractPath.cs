namespace FluentEventStore.Generators.Contracts;

/// <summary>
/// Where something stands in the JSON of an event: <c>lines[].price</c>. Items of an array and values of a map stand below <c>[]</c>.
/// </summary>
internal static class ContractPath
{
    /// <summary>The event itself.</summary>
    public const string Root = "";

    /// <summary>Stands below a value for all properties that its type keeps without knowing them.</summary>
    public static string Rest(string parent) => parent.Length == 0 ? "*" : parent + ".*";

    public static string Items(string parent) => parent + "[]";

    public static string Child(string parent, string name)
    {
        if (name.Length == 0 || !name.All(static character => char.IsLetterOrDigit(character) || character == '_'))
            return $"{parent}['{name.Replace(@"\", @"\\").Replace("'", @"\'")}']";

        return parent.Length == 0 ? name : $"{parent}.{name}";
    }

    /// <summary>An object whose type is told by a property of it: <c>payment{$type: card}</c>.</summary>
    /// <param name="parent">Where the object stands.</param>
    /// <param name="name">The property that tells.</param>
    /// <param name="value">What it holds for the type, a text or a number, as JSON.</param>
    public static string Variant(string parent, string name, string value) => $"{parent}{{{Bare(JsonText.Quote(name))}: {Bare(value)}}}";

    /// <summary>The property that tells the type of an object, as JSON.</summary>
    public static string Discriminator(string variant)
    {
        var segment = variant.Substring(Parent(variant).Length);
        var colon = segment.LastIndexOf(": ", StringComparison.Ordinal);
        return $"{Quoted(segment.Substring(1, colon - 1))}: {Quoted(segment.Substring(colon + 2, segment.Length - colon - 3))}";
    }

    /// <summary>Whether a path is that of an object whose type is told by a property.</summary>
    public static bool IsVariant(string path) => path.EndsWith("}", StringComparison.Ordinal);

    public static string Parent(string path)
    {
        if (path.EndsWith("[]", StringComparison.Ordinal))
            return path.Substring(0, path.Length - 2);

        if (IsVariant(path))
            return path.Substring(0, Math.Max(0, path.LastIndexOf('{')));

        // A quote in a name is escaped, so that only the name's own beginning looks like one.
        if (path.EndsWith("']", StringComparison.Ordinal))
            return path.Substring(0, Math.Max(0, path.LastIndexOf("['", StringComparison.Ordinal)));

        return path.Substring(0, Math.Max(0, path.LastIndexOf('.')));
    }

    /// <summary>The property of the event that holds what stands there.</summary>
    public static string Top(string path)
    {
        while (Parent(path) is { Length: > 0 } parent)
            path = parent;

        return path;
    }

    // A word needs no quotes; what looks like a number, or like the marks of a path, does.
    private static string Bare(string json)
    {
        var word = json.Trim('"');
        return word.Any(char.IsLetter)
            && word.All(static character => char.IsLetterOrDigit(character) || character is '_' or '-' or '$' or '.')
            ? word
            : json.Replace("{", @"\u007b").Replace(":", @"\u003a");
    }

    private static string Quoted(string bare) => bare.Any(char.IsLetter) && bare[0] != '"' ? JsonText.Quote(bare) : bare;
}
