using System.Text;
using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

/// <summary>The names of an enum as a contract lists them, sorted; in quotes if one is no plain word.</summary>
internal static class EnumNameList
{
    private const string Separator = ", ";

    public static string Write(IEnumerable<string> names) => string.Join(Separator, names.Select(Quote));

    public static EquatableArray<string> Parse(string text)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var isQuoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\' when isQuoted && index + 1 < text.Length:
                    name.Append(text[++index]);
                    break;
                case '\'':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    names.Add(name.ToString());
                    name.Clear();
                    break;
                case ' ' when !isQuoted && name.Length == 0:
                    break;
                case var character:
                    name.Append(character);
                    break;
            }
        }

        if (text.Length > 0)
            names.Add(name.ToString());

        return names.ToEquatableArray();
    }

    /// <summary>Where the list ends in a text that goes on behind its closing bracket.</summary>
    public static int EndOf(string text)
    {
        var isQuoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && isQuoted)
                index++;
            else if (text[index] == '\'')
                isQuoted = !isQuoted;
            else if (text[index] == ')' && !isQuoted)
                return index;
        }

        return text.Length;
    }

    private static string Quote(string name) => IsPlain(name) ? name : $"'{name.Replace(@"\", @"\\").Replace("'", @"\'")}'";

    private static bool IsPlain(string name)
    {
        var blank = name.IndexOf(' ');
        return blank < 0 ? IsWord(name) : blank > 0 && IsNumber(name.Substring(0, blank)) && IsWord(name.Substring(blank + 1));
    }

    private static bool IsWord(string name) =>
        name.Length > 0 && name.All(static character => char.IsLetterOrDigit(character) || character == '_');

    // It stands before the name if numbers are stored.
    private static bool IsNumber(string number) => number.TrimStart('-').All(static character => character is >= '0' and <= '9');
}
