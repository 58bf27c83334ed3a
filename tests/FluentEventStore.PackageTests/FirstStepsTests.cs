using System.Text.RegularExpressions;

namespace FluentEventStore.PackageTests;

/// <summary>The blocks of the first page are programs, built against the packages.</summary>
public sealed partial class FirstStepsTests(Packages packages)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Packages.Root, "README.md")).ReplaceLineEndings("\n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_blocks_of_the_first_page_pasted_one_below_the_other_are_a_program_that_works()
    {
        var blocks = Blocks().Where(static block => block.Name != "web").Select(static block => block.Code).ToArray();
        blocks.Length.ShouldBeGreaterThan(3);
        await BuildAsync("FirstSteps", string.Join('\n', blocks));

        (await packages.RunAsync("FirstSteps")).ShouldSucceed().Output.ShouldStartWith("Version 2, position 2");
    }

    [Fact]
    public async Task The_block_for_the_web_is_an_application_that_answers_what_the_page_says_and_ends_when_it_is_told_to()
    {
        const string Consumer = "FirstStepsWeb";
        await BuildAsync(Consumer, Blocks().Single(static block => block.Name == "web").Code);

        await using var web = await WebProcess.StartAsync(
            Path.Combine(packages.PathOf(Consumer), "bin", "Debug", "net10.0", $"{Consumer}.dll"));
        var calls = CurlCall.Of(Page, "localhost:5000");
        calls.ShouldContain(static call => call.Method == "POST");
        foreach (var call in calls)
            await call.CheckAsync(web.Client, Cancellation);

        if (!OperatingSystem.IsWindows())
            (await web.EndAsync()).ShouldBe(0);
    }

    private async Task BuildAsync(string consumer, string program)
    {
        await File.WriteAllTextAsync(Path.Combine(packages.PathOf(consumer), "Program.cs"), program, Cancellation);
        (await packages.BuildAsync(consumer)).ShouldSucceed().Output.ShouldContain("0 Warning(s)");
    }

    private static IEnumerable<(string Name, string Code)> Blocks() =>
        Block().Matches(Page).Select(static block => (block.Groups[1].Value, block.Groups[2].Value));

    [GeneratedRegex("^<!-- snippet: (\\w+) -->\n```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
