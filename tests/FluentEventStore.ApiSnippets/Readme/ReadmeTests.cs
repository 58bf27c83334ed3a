using System.Text.RegularExpressions;
using Shop;

namespace FluentEventStore.ApiSnippets.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_first_steps_work_as_they_stand()
    {
        using var output = new StringWriter();

        await QuickStart.RunAsync(output);

        output.ToString().ShouldStartWith("Version 2, position 2");
        output.ToString().ShouldContain("Green tea: checked out False, now True");
        output.ToString().ShouldContain("3 checked-out CheckedOut { }");
    }

    [Fact]
    public void The_code_on_the_first_page_is_the_code_that_runs()
    {
        var page = Repository.Read("README.md");
        var code = Snippets("QuickStart.cs").Concat(Snippets("Shop.cs")).ToDictionary();

        Block().Matches(page).Select(static block => block.Groups[1].Value).ShouldBe(code.Keys);
        foreach (Match block in Block().Matches(page))
            block.Groups[2].Value.Trim().ShouldBe(code[block.Groups[1].Value]);

        Regex.Count(page, "^```csharp", RegexOptions.Multiline).ShouldBe(
            code.Count, "Each block of C# is preceded by <!-- snippet: name -->.");
    }

    private static IEnumerable<KeyValuePair<string, string>> Snippets(string file) =>
        from snippet in Snippet().Matches(Repository.Read($"tests/FluentEventStore.ApiSnippets/Readme/{file}"))
        group Dedent(snippet.Groups[2].Value) by snippet.Groups[1].Value into parts
        select KeyValuePair.Create(parts.Key, string.Join("\n\n", parts));

    private static string Dedent(string text)
    {
        var lines = text.Split('\n');
        var indent = lines.Where(static line => line.Trim().Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : "")).Trim();
    }

    [GeneratedRegex(@"<!-- snippet: (\w+) -->\n```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *// begin-snippet: (\w+)\n(.*?)^ *// end-snippet", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();
}
