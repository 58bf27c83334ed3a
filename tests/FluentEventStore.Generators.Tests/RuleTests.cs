using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

public sealed class RuleTests
{
    public static TheoryData<string> Ids => [.. Rules.Select(static rule => rule.Id)];

    private static IEnumerable<DiagnosticDescriptor> Rules =>
        typeof(Generators.Rules).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static rule => (DiagnosticDescriptor)rule.GetValue(null)!);

    [Theory, MemberData(nameof(Ids))]
    public void A_rule_has_a_page_a_release_row_and_a_test(string id)
    {
        var rule = Rules.Single(rule => rule.Id == id);
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics", id + ".md"));
        page.ShouldStartWith($"# {id}: {rule.Title}\n");
        page.ShouldContain("## Why");
        page.ShouldContain("## Bad");
        page.ShouldContain("## Good");
        rule.HelpLinkUri.ShouldEndWith($"docs/diagnostics/{id}.md");

        var releases = File.ReadAllText(Path.Combine(Root(), "generators", "FluentEventStore.Generators", "AnalyzerReleases.Unshipped.md"))
            + File.ReadAllText(Path.Combine(Root(), "generators", "FluentEventStore.Generators", "AnalyzerReleases.Shipped.md"));
        releases.ShouldContain($"{id} | FluentEventStore | Error | ");
        DiagnosticTests.Everything.ShouldContain(row => row.Data.Item1 == id);
    }

    [Fact]
    public void Ids_are_unique_and_every_page_has_a_rule()
    {
        Rules.Select(static rule => rule.Id).ShouldBeUnique();
        Directory.GetFiles(Path.Combine(Root(), "docs", "diagnostics"), "FES*.md").Select(static path => Path.GetFileNameWithoutExtension(path))
            .ShouldBe(Rules.Select(static rule => rule.Id), ignoreOrder: true);
    }

    private static string Root([CallerFilePath] string testFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(testFile)!, "..", ".."));
}
