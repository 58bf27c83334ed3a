namespace FluentEventStore.PackageTests;

public sealed class EventContractTests(Packages packages)
{
    private const string Consumer = "Contracted";

    [Fact]
    public async Task The_build_writes_the_contract_refuses_what_breaks_it_and_accepts_it_when_told_to()
    {
        (await packages.BuildAsync(Consumer)).ShouldSucceed();
        File.Exists(PathOf("EventContracts.json")).ShouldBeFalse("Without the file nothing is compared, nor written.");

        (await UpdateAsync()).ShouldSucceed();
        var contract = await ReadAsync();
        contract.ShouldBe("""
            {
              "format": 1,
              "events": [
                {
                  "name": "paid",
                  "version": 1,
                  "type": "Paid",
                  "properties": {
                    "['a%41;*$(x)@(y)\\\\\"é']": "text",
                    "amount": "decimal"
                  },
                  "sample": {"a%41;*$(x)@(y)\\\"é": "a%41;*$(x)@(y)\\\"é", "amount": 1.5}
                }
              ]
            }

            """);
        Directory.GetFiles(packages.PathOf(Consumer))
            .Select(Path.GetFileName)
            .ShouldBe(["EventContracts.json", "Paid.cs", "Contracted.csproj"], ignoreOrder: true);

        await File.WriteAllTextAsync(PathOf("Paid.cs"), """
            [FluentEventStore.Event] public sealed record Paid(decimal Amount);
            [FluentEventStore.Event] public sealed record Refunded(decimal Amount);
            """, Cancellation);
        var refused = await packages.BuildAsync(Consumer);
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("Paid.cs(1,47): error FES0031: ");
        refused.Output.ShouldNotContain("FES0036");
        (await ReadAsync()).ShouldBe(contract);

        (await UpdateAsync()).ShouldSucceed();
        var accepted = await ReadAsync();
        accepted.ShouldContain("refunded");
        accepted.ShouldContain("\"sample\": {\"a%41;", customMessage: "A sample stays as it is.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<CommandResult> UpdateAsync() => packages.BuildAsync(Consumer, "-p:UpdateEventContracts=true");

    private Task<string> ReadAsync() => File.ReadAllTextAsync(PathOf("EventContracts.json"), Cancellation);

    private string PathOf(string file) => Path.Combine(packages.PathOf(Consumer), file);
}
