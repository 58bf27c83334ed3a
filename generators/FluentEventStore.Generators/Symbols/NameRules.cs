using System.Text;

namespace FluentEventStore.Generators.Symbols;

/// <summary>Stored names: how they follow from names in C#, and which are allowed.</summary>
internal static class NameRules
{
    /// <summary>The property of an event that is the store's own.</summary>
    public const string OfStore = "$";

    private const int MaxEventName = 250;
    private const int MaxDocumentName = 50;

    /// <summary><c>HTTPCallV2</c> becomes <c>http-call-v2</c>.</summary>
    public static string Kebab(string name)
    {
        var kebab = new StringBuilder(name.Length + 8);
        for (var index = 0; index < name.Length; index++)
        {
            var character = name[index];
            if (character == '_')
            {
                if (kebab.Length > 0 && kebab[kebab.Length - 1] != '-')
                    kebab.Append('-');

                continue;
            }

            if (char.IsUpper(character) && kebab.Length > 0 && kebab[kebab.Length - 1] != '-' && StartsWord(name, index))
                kebab.Append('-');

            kebab.Append(char.ToLowerInvariant(character));
        }

        return kebab.ToString().TrimEnd('-');
    }

    /// <summary>The same as <c>JsonNamingPolicy.CamelCase</c>.</summary>
    public static string Camel(string name)
    {
        if (name.Length == 0 || !char.IsUpper(name[0]))
            return name;

        var characters = name.ToCharArray();
        for (var index = 0; index < characters.Length; index++)
        {
            if (index == 1 && !char.IsUpper(characters[index]))
                break;

            if (index > 0 && index + 1 < characters.Length && !char.IsUpper(characters[index + 1]))
                break;

            characters[index] = char.ToLowerInvariant(characters[index]);
        }

        return new string(characters);
    }

    /// <summary>What is wrong with the name of an event; <see langword="null"/> if nothing is.</summary>
    public static string? FaultOfEventName(string name) => name switch
    {
        "" => "it is empty",
        { Length: > MaxEventName } => $"it has more than {MaxEventName} characters",
        _ when name.Trim().Length != name.Length => "it begins or ends with white space",
        _ when name.Any(char.IsControl) => "it holds a control character",
        _ when HasLoneSurrogate(name) => "it holds a lone surrogate",
        _ => null,
    };

    /// <summary>What is wrong with the name of a document or aggregate, which becomes a part of a table's name.</summary>
    public static string? FaultOfDocumentName(string name) => name switch
    {
        "" => "it is empty",
        { Length: > MaxDocumentName } => $"it has more than {MaxDocumentName} characters",
        _ when !name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_') =>
            "it may hold only lower-case letters a to z, digits, '-' and '_'",
        _ => null,
    };

    /// <summary>What is wrong with a name in JSON; <see langword="null"/> if nothing is.</summary>
    public static string? FaultOfJsonName(string name) => name switch
    {
        _ when name.Contains('\0') => "jsonb cannot keep U+0000",
        _ when HasLoneSurrogate(name) => "jsonb cannot keep a lone surrogate",
        _ => null,
    };

    private static bool StartsWord(string name, int index)
    {
        var afterLower = !char.IsUpper(name[index - 1]);
        var beforeLower = index + 1 < name.Length && char.IsLower(name[index + 1]);
        return afterLower || beforeLower;
    }

    private static bool HasLoneSurrogate(string name)
    {
        for (var index = 0; index < name.Length; index++)
        {
            if (index + 1 < name.Length && char.IsSurrogatePair(name[index], name[index + 1]))
                index++;
            else if (char.IsSurrogate(name[index]))
                return true;
        }

        return false;
    }
}
