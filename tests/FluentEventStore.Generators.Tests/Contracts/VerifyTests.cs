using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class VerifyTests
{
    private const string Chain = """
        using System.Text.Json;
        [Event("paid", Version = 3)] public sealed record Paid(decimal Amount, string Currency);
        [Event("paid", Version = 2)] public sealed record PaidV2(decimal Amount);
        [Event("named")] public sealed record Named(Guid Id, [PersonalData(Subject = "Id")] string Name);
        public static class Upcasters
        {
            [Upcaster] public static Paid Up(PaidV2 old) => new(old.Amount, "EUR");
            [Upcaster("paid")] public static PaidV2 Up(JsonElement old) => new(old.GetProperty("cents").GetInt32() / 100m);
        }
        """;

    [Fact]
    public void Samples_of_all_versions_are_replayed()
    {
        var contract = ContractCase.Update(Chain, Contract(("paid", 1, """{"cents": 250}""")));
        contract.ShouldContain("\"version\": 1");
        Verify(Chain, contract).ShouldBe("fine");
    }

    [Fact]
    public void A_generated_sample_is_what_is_stored_of_every_type_without_a_converter_of_its_own()
    {
        var source = ContractTextTests.Everything.Replace("namespace Shop;", "");
        Verify(source, ContractCase.Update(source)).ShouldContain("'everything' in version 1 at $.money");
        var own = source.Replace("[property: JsonConverter(typeof(MoneyConverter))] ", "");
        Verify(own, ContractCase.Update(own)).ShouldBe("fine");
    }

    [Fact]
    public void What_the_upcasters_cannot_take_is_reported_with_event_version_path_and_reason()
    {
        var contract = ContractCase.Update(
            Chain, Contract(("paid", 1, """{"euros": 2}"""), ("paid", 2, """{"amount": "two"}"""), ("paid", 3, """{"amount": 1}""")));
        Verify(Chain, contract).ShouldBe("""
            The contract of the events of Shop is broken:
            'paid' in version 1 at $: The upcaster Upcasters.Up failed: The given key was not present in the dictionary.
            'paid' in version 2 at $.amount: A JSON string of this content cannot be read as decimal.
            'paid' in version 3 at $: The property 'currency' of Paid is missing.
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_exception_carries_what_it_says() =>
        Run(Chain, ContractCase.Update(Chain, Contract(("paid", 2, """{"amount": "two"}"""))), """
        catch (EventContractException broken)
        {
            return broken.AssemblyName
                + string.Concat(
                    broken.Failures.Select(failure => $"|{failure.TypeName}|{failure.TypeVersion}|{failure.Path}|{failure.Reason}"));
        }
        """).ShouldBe("Shop|paid|2|$.amount|A JSON string of this content cannot be read as decimal.");

    [Fact]
    public void A_sample_without_json_is_reported()
    {
        var contract = ContractCase.Update(Chain, """{"format": 1, "events": [{"name": "paid", "version": 1}]}""");
        Verify(Chain, contract).ShouldContain("'paid' in version 1 at $: It has no sample");
    }

    [Fact]
    public void An_event_that_is_not_in_the_contract_is_reported() =>
        Verify(Chain, ContractCase.Update("""[Event("paid", Version = 3)] public sealed record Paid(decimal Amount, string Currency);"""))
            .ShouldBe("""
            The contract of the events of Shop is broken:
            'named' in version 1 at $: It is not in the contract: build with -p:UpdateEventContracts=true.
            'paid' in version 2 at $: It is not in the contract: build with -p:UpdateEventContracts=true.
            """.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public void An_assembly_without_a_contract_is_reported(string? contract) =>
        Verify(Chain, contract).ShouldContain("It has no contract, or an empty one");

    [Fact]
    public void An_event_that_is_written_but_cannot_be_read_again_is_reported()
    {
        const string source = """
            [Event] public sealed record Paid([property: JsonConverter(typeof(Odd))] Money Amount);
            public sealed record Money(int Cents);
            public sealed class Odd : JsonConverter<Money>
            {
                public override Money Read(
                    ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                    reader.TokenType == System.Text.Json.JsonTokenType.Number
                        ? new(reader.GetInt32())
                        : throw new System.Text.Json.JsonException("no number");
                public override void Write(
                    System.Text.Json.Utf8JsonWriter writer, Money value, System.Text.Json.JsonSerializerOptions options) =>
                    writer.WriteStringValue("?");
            }
            """;
        Verify(source, ContractCase.Update(source)).ShouldContain("'paid' in version 1 at $.amount: no number");
        Verify(source, ContractCase.Update(source, Contract(("paid", 1, """{"amount": 1}""")))).ShouldContain(
            "'paid' in version 1 at $.amount: The event that was read from its sample cannot be read again after it was written: no "
                + "number");
    }

    [Fact]
    public void What_a_constructor_refuses_is_reported()
    {
        const string source = """
            [Event] public sealed record Paid(decimal Amount)
            {
                public decimal Amount { get; } = Amount > 2 ? Amount : throw new ArgumentOutOfRangeException(nameof(Amount), "too little");
            }
            """;
        Verify(source, ContractCase.Update(source)).ShouldContain("too little");
    }

    [Fact]
    public void An_event_is_verified_under_its_former_name_too()
    {
        const string source = """[Event("paid-up"), EventAlias("paid")] public sealed record Paid(int A);""";
        Verify(source, ContractCase.Update(source, Contract(("paid", 1, "{}")))).ShouldContain(
            "'paid' in version 1 at $: The property 'a' of Paid is missing.");
    }

    private static string Verify(string source, string? contract) =>
        Run(source, contract, "catch (EventContractException broken) { return broken.Message; }");

    private static string Run(string source, string? contract, string handler)
    {
        var compilation = Sources.Parse($$"""
            {{source}}
            public static class Test
            {
                public static string Run()
                {
                    try
                    {
                        EventContracts.Verify(typeof(Test).Assembly);
                        return "fine";
                    }
                    {{handler}}
                }
            }
            """);
        ContractCase.Run(compilation, out var output, isUpdate: false, contract is null ? [] : [ContractCase.File(contract)]);
        return LoadedCase.Run(output);
    }

    private static string Contract(params (string Name, int Version, string Sample)[] events) =>
        $$"""{"format": 1, "events": [{{string.Join(", ", events.Select(Entry))}}]}""";

    private static string Entry((string Name, int Version, string Sample) stored) =>
        $$"""{"name": "{{stored.Name}}", "version": {{stored.Version}}, "sample": {{stored.Sample}}}""";
}
