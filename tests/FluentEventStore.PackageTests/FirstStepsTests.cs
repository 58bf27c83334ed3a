using System.Text.RegularExpressions;

namespace FluentEventStore.PackageTests;

public sealed partial class FirstStepsTests(Packages packages)
{
    private const string Consumer = "FirstSteps";

    [Fact]
    public async Task The_blocks_of_the_first_page_pasted_one_below_the_other_are_a_program_that_works()
    {
        var blocks = Block().Matches(
            await File.ReadAllTextAsync(Path.Combine(Packages.Root, "README.md"), TestContext.Current.CancellationToken))
            .Where(static block => block.Groups[1].Value != "web")
            .Select(static block => block.Groups[2].Value)
            .ToArray();
        blocks.Length.ShouldBeGreaterThan(3);
        await File.WriteAllTextAsync(
            Path.Combine(packages.PathOf(Consumer), "Program.cs"), string.Join('\n', blocks), TestContext.Current.CancellationToken);

        (await packages.BuildAsync(Consumer)).ShouldSucceed().Output.ShouldContain("0 Warning(s)");

        (await packages.RunAsync(Consumer)).ShouldSucceed().Output.ShouldStartWith("Version 2, position 2");
    }

    [GeneratedRegex("^<!-- snippet: (\\w+) -->\n```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
