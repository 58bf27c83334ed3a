using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

public sealed partial class DocumentationTests
{
    private static readonly string[] Sources = [".cs", ".csproj", ".props", ".editorconfig", "/run"];

    [Fact]
    public void Every_link_of_the_documentation_leads_somewhere() =>
        Pages().SelectMany(static page => DeadLinks(page, Repository.Read(page), Exists)).ShouldBeEmpty();

    [Fact]
    public void Every_page_that_the_code_names_exists()
    {
        var lost =
            from file in Repository.Files("", Sources)
            from Match named in PageName().Matches(Repository.Read(file))
            where !File.Exists(Path.Combine(Repository.Root, named.Value))
            select $"{file} names {named.Value}";

        lost.ShouldBeEmpty();
    }

    [Fact]
    public void Every_exception_and_every_SQLSTATE_of_the_store_is_documented()
    {
        var errors = Repository.Read("docs/reference/errors.md");
        Library.Types.Select(static type => type.Type.Name).Where(static name => name.EndsWith("Exception", StringComparison.Ordinal))
            .Where(name => !errors.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();

        var database = Repository.Read("docs/reference/database.md");
        Library.Types.Single(static type => type.Type.Name == "SqlStates").Type.Fields
            .Select(static field => field.Constant)
            .OfType<string>()
            .Where(state => !database.Contains($"`{state}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_index_names_every_page()
    {
        var index = Repository.Read("docs/README.md");
        Repository.Files("docs", ".md")
            .Select(static page => page["docs/".Length..])
            .Where(
                static page => page != "README.md"
                    && !page.StartsWith("adr/", StringComparison.Ordinal)
                    && !page.StartsWith("diagnostics/", StringComparison.Ordinal))
            .Where(page => !index.Contains($"({page})", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_decision_has_a_date_and_is_in_the_index_under_its_title()
    {
        var index = Repository.Read("docs/adr/README.md");
        var faults =
            from page in Repository.Files("docs/adr", ".md")
            let name = Path.GetFileName(page)
            where name != "README.md"
            let start = Decision().Match(Repository.Read(page))
            where !start.Success || !index.Contains($"- [{start.Groups["title"].Value}]({name})", StringComparison.Ordinal)
            select page;

        faults.ShouldBeEmpty();
    }

    [Fact]
    public void The_page_of_options_names_every_option()
    {
        var page = Repository.Read("docs/reference/options.md");
        var options =
            from type in typeof(EventStore).Assembly.GetExportedTypes()
            where type.Name.EndsWith("Options", StringComparison.Ordinal)
            from property in type.GetProperties()
            where property.CanWrite
            select property.Name;

        options.Where(option => !Regex.IsMatch(page, $@"[`.]{option}`")).ShouldBeEmpty();
    }

    [Fact]
    public void A_dead_link_and_a_dead_anchor_are_found()
    {
        const string page =
            "[a](other.md) [b](gone.md) [c](other.md#the-part) [d](other.md#no-part) [e](https://example.org) "
                + "`[f](gone.md)`\n```\n[g](gone.md)\n```\n";

        DeadLinks("guide/page.md", page, static path => path == "guide/other.md" ? "# Other\n## The part\n" : null)
            .ShouldBe(["guide/page.md links to gone.md", "guide/page.md links to other.md#no-part"]);
    }

    private static IEnumerable<string> Pages() =>
        Repository.Files("docs", ".md").Concat(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]);

    /// <param name="page">The path of the page.</param>
    /// <param name="text">What it says.</param>
    /// <param name="read">The text of a file, "" for a folder, null if there is nothing.</param>
    private static IEnumerable<string> DeadLinks(string page, string text, Func<string, string?> read)
    {
        foreach (Match link in Link().Matches(Code().Replace(text, "")))
        {
            var target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                continue;

            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? page : Combine(page, parts[0]);
            var content = path == page ? text : read(path);
            if (content is null || (parts.Length == 2 && !Anchors(content).Contains(parts[1])))
                yield return $"{page} links to {target}";
        }
    }

    private static string? Exists(string path)
    {
        var full = Path.Combine(Repository.Root, path);
        return File.Exists(full) ? File.ReadAllText(full) : Directory.Exists(full) ? "" : null;
    }

    private static string Combine(string page, string relative)
    {
        var folder = Path.GetDirectoryName(page) ?? "";
        var full = Path.GetFullPath(Path.Combine(Repository.Root, folder, relative));
        return Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
    }

    private static IEnumerable<string> Anchors(string text) =>
        Heading().Matches(Fence().Replace(text, "")).Select(static heading =>
            NotInAnchors().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```\s*$|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```\s*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"docs/[\w./-]+\.md")]
    private static partial Regex PageName();

    [GeneratedRegex(@"\A# (?<title>\d+\. [^\n]+)\n\nDate: \d{4}-\d\d-\d\d\n\n")]
    private static partial Regex Decision();
}
