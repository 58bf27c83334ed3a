using System.Text.RegularExpressions;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Tests;

/// <summary>Holds the page that explains generated code to the snapshots; <c>UPDATE_SNAPSHOTS=1</c> rewrites its blocks.</summary>
public sealed partial class GeneratedCodePageTests
{
    [Fact]
    public void The_page_shows_what_the_generator_writes()
    {
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var written = SnapshotBlock().Replace(page, static block =>
            $"{block.Groups["head"].Value}{Part(block.Groups["file"].Value, block.Groups["part"].Value)}\n```");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Page, page = written);

        SnapshotBlock().Count(page).ShouldBeGreaterThan(4);
        page.ShouldBe(written);
    }

    [Fact]
    public void The_page_shows_the_event_that_the_snapshot_is_of()
    {
        var tests = Repository.Read("tests/FluentEventStore.Generators.Tests/Emitting/SnapshotTests.cs")
            .Split('\n')
            .Select(static line => line.Trim())
            .ToHashSet();
        var shown = SourceBlock().Match(File.ReadAllText(Page).ReplaceLineEndings("\n")).Groups["code"].Value;
        shown.ShouldNotBeEmpty();
        shown.Split('\n').Select(static line => line.Trim()).Where(line => !tests.Contains(line)).ShouldBeEmpty();
    }

    private static string Page => Path.Combine(Repository.Root, "docs/explanation/generated-code.md");

    private static string Part(string file, string part)
    {
        var text = File.ReadAllText(Path.Combine(Snapshot.Folder, file)).ReplaceLineEndings("\n");
        var root = CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken)
            .GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        return part switch
        {
            "usings" => Lines(root.DescendantNodes().OfType<UsingDirectiveSyntax>()),
            "attributes" => Lines(root.AttributeLists),
            _ => Lines([root.DescendantNodes().OfType<MethodDeclarationSyntax>().Single(method => method.Identifier.Text == part)]),
        };
    }

    // As in the file, without the blanks in front of its first line.
    private static string Lines(IEnumerable<SyntaxNode> nodes) => string.Join('\n', nodes.SelectMany(static node =>
    {
        var indent = new string(' ', node.GetLocation().GetLineSpan().StartLinePosition.Character);
        return node.ToString().Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line);
    }));

    [GeneratedRegex(@"(?<head><!-- snapshot: (?<file>\S+) (?<part>\w+) -->\n```csharp\n)(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SnapshotBlock();

    [GeneratedRegex(@"<!-- source -->\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex SourceBlock();
}
