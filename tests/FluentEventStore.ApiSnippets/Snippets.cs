using System.Text.RegularExpressions;

namespace FluentEventStore.ApiSnippets;

/// <summary>
/// The parts of the sources here that pages show. A page says <c>&lt;!-- snippet: name --&gt;</c> before a block of C#; the source has the
/// same lines between <c>begin-snippet: name</c> and <c>end-snippet</c>, in one part or in several.
/// </summary>
internal static partial class Snippets
{
    /// <summary>Fails unless each block of C# of a page is a snippet of these sources, and each snippet of them is on the page.</summary>
    public static void Check(string page, params ReadOnlySpan<string> sources)
    {
        var text = Repository.Read(page);
        Dictionary<string, string> code = [];
        foreach (var source in sources)
        {
            foreach (var (name, snippet) in Of(source))
                code.Add(name, snippet);
        }

        var blocks = Block().Matches(text);
        blocks.Select(static block => block.Groups[1].Value).ShouldBe(code.Keys, ignoreOrder: true, page);
        foreach (Match block in blocks)
            block.Groups[2].Value.Trim().ShouldBe(code[block.Groups[1].Value], page);

        Regex.Count(text, "^ *```csharp", RegexOptions.Multiline).ShouldBe(
            code.Count, $"Each block of C# on {page} is preceded by <!-- snippet: name -->.");
    }

    /// <summary>The snippets of a source by their names.</summary>
    public static Dictionary<string, string> Of(string source) => (
        from snippet in Snippet().Matches(Repository.Read(source))
        group Dedent(snippet.Groups[2].Value) by snippet.Groups[1].Value into parts
        select KeyValuePair.Create(parts.Key, string.Join("\n\n", parts))).ToDictionary();

    private static string Dedent(string text)
    {
        var lines = text.Split('\n');
        var indent = lines.Where(static line => line.Trim().Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : "")).Trim();
    }

    [GeneratedRegex(@"<!-- snippet: ([\w-]+) -->\n```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *// begin-snippet: ([\w-]+)\n(.*?)^ *// end-snippet", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();
}
