using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class ContractFileTests
{
    internal const string Id = "FES0030";

    private const string Source = "[Event] public sealed record Paid(int A);";

    /// <summary>A text, and where it stops being a contract.</summary>
    public static TheoryData<string, string> Invalid => new()
    {
        { "[]", "(1,1): 'EventContracts.json' is not a contract of events: an object is expected here" },
        { "null", "an object is expected here" },
        { "{", "(1,2): 'EventContracts.json' is not a contract of events: it ends where a string is expected" },
        { "{}\n{}", "(2,1): 'EventContracts.json' is not a contract of events: the contract ends before this" },
        {
            "{\n  \"format\": 2\n}",
            "(2,13): 'EventContracts.json' is not a contract of events: it is of format 2; this release reads format 1"
        },
        { """{"format": 1.5}""", "a whole number is expected" },
        { """{"format": 1, "format": 1}""", "the property 'format' occurs twice in one object" },
        { """{"formats": 1}""", "'formats' is not a property of a contract" },
        {
            """{"events": [{"name": "a", "version": 1}]}""",
            "(1,1): 'EventContracts.json' is not a contract of events: it has no 'format', which must be 1"
        },
        { Events("""{"version": 1}"""), "an event has no 'name'" },
        { Events("""{"name": "a"}"""), "the event 'a' has no 'version' of 1 or more" },
        { Events("""{"name": "a", "version": 0}"""), "the event 'a' has no 'version' of 1 or more" },
        { Events("""{"name": "a", "version": "1"}"""), "a whole number is expected" },
        { Events("""{"name": "a", "version": 1, "sampel": {}}"""), "'sampel' is not a property of an event" },
        { Events("""{"name": "a", "version": 1, "properties": {"a": 1}}"""), "a string is expected here" },
        { Events("""{"name": "a", "version": 1, "properties": {"a": "guid", "a": "guid"}}"""), "the property 'a' occurs twice" },
        { Events("""{"name": "a", "version": 1}, {"name": "a", "version": 1}"""), "version 1 of the event 'a' occurs twice" },
        { Events("""{"name": "a", "version": 1, "sample": {"a": 01}}"""), "a value is expected here" },
        { Events("""{"name": "a", "version": 1, "sample": {"a": 1.}}"""), "a value is expected here" },
        { Events("""{"name": "a", "version": 1, "sample": {"a": nul}}"""), "a value is expected here" },
        { Events("""{"name": "a", "version": 1, "sample": {"a": "\x"}}"""), "an escape that JSON does not know" },
        { Events("""{"name": "a", "version": 1, "sample": {"a": 1,}}"""), "a string is expected here" },
        { Events("{\"name\": \"a\n\", \"version\": 1}"), "a string is not closed on its line" },
        { Events($$"""{"name": "a", "version": 1, "sample": {{new string('[', 10_000)}}}"""), "it is nested deeper than 64 levels" },
        { """{"format": 1, "events": [{"name": "a", "version": 1} """, "it ends where a comma or the end of the array is expected" },
    };

    [Theory, MemberData(nameof(Invalid))]
    public async Task A_file_that_is_not_a_contract_is_one_error_that_says_where_and_why(string text, string message)
    {
        var found = (await ContractCase.AnalyzeAsync(Source, text)).ShouldHaveSingleItem();
        found.Id.ShouldBe(Id);
        found.Severity.ShouldBe(DiagnosticSeverity.Error);
        ContractCase.Describe(found).ShouldStartWith("FES0030 at /shop/EventContracts.json(");
        ContractCase.Describe(found).ShouldContain(message);
    }

    [Theory, MemberData(nameof(Invalid))]
    public async Task A_file_that_is_not_a_contract_is_not_written_over(string text, string message)
    {
        var compilation = Sources.Parse(Source);
        ContractCase.Generated(ContractCase.Run(compilation, out _, isUpdate: true, ContractCase.File(text)), "EventContractsUpdate")
            .ShouldBeNull(message);
        (await ContractCase.AnalyzeAsync(compilation, isUpdate: true, ContractCase.File(text))).ShouldHaveSingleItem().Id.ShouldBe(Id);
    }

    [Fact]
    public void A_text_that_is_cut_or_changed_anywhere_leads_to_a_contract_or_a_fault_and_never_to_an_exception()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var source = Source + "[Event] public sealed record Sold(Dictionary<DayOfWeek, string?> A, Sold? Before);";
        var contract = ContractCase.Update(source);
        var declared = ContractReader.Read(ContractCase.FilePath, SourceText.From(contract)).Entries;
        for (var round = 0; round < 5000; round++)
        {
            var at = random.Next(contract.Length);
            var changed = round % 2 == 0 ? contract[..at] : contract.Remove(at, 1).Insert(at, ((char)random.Next(32, 127)).ToString());
            var file = ContractReader.Read(ContractCase.FilePath, SourceText.From(changed));
            var drift = ContractDrift.Find(file, declared, [], isWhole: true);
            if (file.Fault is null)
                ContractWriter.Write(drift.Next).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Two_contract_files_are_an_error_at_the_second()
    {
        var found = await ContractCase.AnalyzeAsync(
            Sources.Parse(Source), isUpdate: false, ContractCase.File("{}", "/shop/a/EventContracts.json"), ContractCase.File(
                "{}", "/shop/b/EventContracts.json"));
        ContractCase.Describe(found.ShouldHaveSingleItem()).ShouldBe(
            "FES0030 at /shop/b/EventContracts.json(1,1): 'EventContracts.json' is not a contract of events: '/shop/a/EventContracts.json' "
                + "is the contract of this project already");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}")]
    [InlineData("{\"events\": []}")]
    public async Task Every_event_is_new_to_a_file_without_events(string? text)
    {
        var found = await ContractCase.AnalyzeAsync(Sources.Parse(Source), isUpdate: false, ContractCase.File(text));
        found.ShouldHaveSingleItem().Id.ShouldBe("FES0036");
    }

    [Fact]
    public void Without_a_file_nothing_is_written()
    {
        var result = ContractCase.Run(Sources.Parse(Source), out _, isUpdate: true, ContractCase.File("{}", "/shop/Other.json"));
        result.GeneratedSources.ShouldNotContain(static source => source.HintName.StartsWith("EventContracts"));
    }

    private static string Events(string events) => $$"""{"format": 1, "events": [{{events}}]}""";
}
