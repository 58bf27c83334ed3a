namespace FluentEventStore.PackageTests;

/// <summary>The code of docs/how-to/types-of-others.md is code of a project that is built against the packages and run.</summary>
public sealed class TypesOfOthersPageTests
{
    [Fact]
    public void Every_line_of_the_page_is_compiled()
    {
        var compiled = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Consumers", "Shop", "Others"), "*.cs")
            .SelectMany(File.ReadLines)
            .Select(static line => line.Trim())
            .ToHashSet(StringComparer.Ordinal);
        var page = File.ReadAllText(Path.Combine(Packages.FindRoot(), "docs", "how-to", "types-of-others.md"));
        var blocks = page.Split("```csharp\n").Skip(1).Select(static rest => rest.Split("```")[0]).ToArray();

        // Its package is not at hand everywhere: a test of the generator writes out what it generates.
        blocks.Count(IsOfStronglyTypedId).ShouldBe(1);
        blocks.Where(static block => !IsOfStronglyTypedId(block))
            .SelectMany(static block => block.Split('\n'))
            .Select(static line => line.Trim())
            .Where(line => line.Length > 0 && !compiled.Contains(line))
            .ShouldBeEmpty();
    }

    private static bool IsOfStronglyTypedId(string block) => block.Contains("[StronglyTypedId]", StringComparison.Ordinal);
}
