using System.Globalization;
using System.Text;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>
/// One change of a commit, in the words of git fast-import. Paths and contents are bytes: each character of a text stands for one.
/// </summary>
internal sealed record Edit(string Command, string? Content = null)
{
    public static Edit Put(string path, string content, string mode = "100644") => new($"M {mode} inline {Quote(path)}", content);

    /// <summary>Lines that no other seed has, so that only a rename looks like one.</summary>
    public static Edit Lines(string path, int count, int seed = 0) => Put(path, LinesOf(path, count, seed));

    public static Edit Link(string path, string target) => Put(path, target, mode: "120000");

    public static Edit Submodule(string path, char digit) => new($"M 160000 {new string(digit, 40)} {Quote(path)}");

    public static Edit Remove(string path) => new($"D {Quote(path)}");

    public static Edit Rename(string from, string to) => new($"R {Quote(from)} {Quote(to)}");

    public static string LinesOf(string path, int count, int seed = 0) =>
        string.Concat(
            Enumerable.Range(1, count).Select(line => string.Create(CultureInfo.InvariantCulture, $"{path}: line {line} of {seed}\n")));

    private static string Quote(string path)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in path)
        {
            if (character is >= ' ' and <= '~' and not ('"' or '\\'))
                quoted.Append(character);
            else
                quoted.Append('\\').Append(Convert.ToString(character, 8).PadLeft(3, '0'));
        }

        return quoted.Append('"').ToString();
    }
}
