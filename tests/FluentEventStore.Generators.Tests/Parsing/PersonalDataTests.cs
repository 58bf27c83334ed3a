using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class PersonalDataTests
{
    [Fact]
    public void Properties_and_parameters_are_marked_with_subjects_of_every_type_and_the_catalog_says_so()
    {
        var result = Sources.Generate(Sources.Parse("""
            [StreamId] public readonly partial record struct PersonId(string Value);
            public abstract record Named(Guid @event, [PersonalData(Subject = "event", Replacement = "a\"b")] string Name);
            [Event] public sealed record A(
                Guid @event,
                string Name,
                PersonId Person,
                [property: PersonalData(Subject = nameof(A.Person))] int? Age) : Named(@event, Name);
            [Event] public sealed class B
            {
                public int Id { get; init; }
                [PersonalData(Subject = nameof(Id))] public required string @class { get; init; }
                [PersonalData(Subject = nameof(Id))] public string? Note { get; private set; }
                [PersonalData(Subject = nameof(Id))] public List<C>? Items { get; set; }
            }
            public sealed record C(long Number, [PersonalData(Subject = "Number")] DateTime At);
            [Event] public readonly record struct D(string Id, [PersonalData(Subject = "Id")] decimal Amount);
            [Event] public sealed record E(C[] Many);
            [Event] public sealed record Plain(int Number);
            """), out _);
        var files = result.GeneratedSources.ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());

        var registrations = files["ShopCatalog.g.cs"].Split('\n').Where(static line => line.Contains("EventCatalog.Register<")).ToArray();
        registrations.Where(static line => line.Contains("HoldsPersonalData = true")).Count().ShouldBe(4);
        registrations.Single(static line => !line.Contains("HoldsPersonalData")).ShouldContain("global::Plain,");
        files["AJson.g.cs"].ShouldContain(
            """PersonalValue.Write<string, NameCodec>(writer.Name("name"u8), "name", value.Name, value.@event);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Read<string, NameCodec>(ref reader, "name", "a\"b", ref nameClaim);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Confirm(nameClaim, "name", result.@event);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Confirm(ageClaim, "age", result.Person.Value);""");
        files["AJson.g.cs"].ShouldContain("value.Age, value.Person.Value");
        files["BJson.g.cs"].ShouldContain("""PersonalValue.Read<string?, NoteCodec>(ref reader, "note", default, ref noteClaim);""");
        files["PlainJson.g.cs"].ShouldNotContain("PersonalValue");
    }

    [Fact]
    public void The_mark_of_a_property_holds_for_those_that_override_it()
    {
        var files = Sources.Generate(Sources.Parse("""
            public abstract record Named(Guid Id)
            {
                [Tag] public abstract Guid Order { get; init; }
                [PersonalData(Subject = "Id")] public abstract string Name { get; init; }
            }
            public abstract record Aged(Guid Id, [PersonalData(Subject = "Id")] int? Age) : Named(Id)
            {
                public virtual int? Age { get; init; } = Age;
            }
            [Event] public sealed record A(Guid Id, Guid Order, string Name) : Aged(Id, null) { public override int? Age { get; init; } }
            """), out _).GeneratedSources.ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());

        files["AJson.g.cs"].ShouldContain("PersonalValue.Write<string, NameCodec>");
        files["AJson.g.cs"].ShouldContain("PersonalValue.Write<int?, AgeCodec>");
        files["ShopCatalog.g.cs"].ShouldContain("new global::FluentEventStore.Tag(\"order\", e.Order)");
    }

    [Fact]
    public void Personal_data_is_never_written_as_it_is_where_no_store_encrypts_it() => Probe.Run("""
        [Event] public sealed record Named(int Id, [PersonalData(Subject = "Id")] string? Name);

        public static class Test
        {
            public static string Run()
            {
                try
                {
                    return Json.Write<Named, FluentEventStore.Generated.NamedJson>(new Named(1, null))
                        + Json.Write<Named, FluentEventStore.Generated.NamedJson>(new Named(1, "Ada"));
                }
                catch (System.Text.Json.JsonException refused)
                {
                    return Json.Again<Named, FluentEventStore.Generated.NamedJson>("{\"id\":1,\"name\":null}") + refused.Message;
                }
            }
        }
        """).ShouldBe("{\"id\":1,\"name\":null}Only a store writes and reads personal data, as a part of an event.");

    [Theory]
    [InlineData("string", "null was found where a value of type string is expected.")]
    [InlineData("string?", "{\"id\":1,\"name\":null}")]
    [InlineData("int?", "{\"id\":1,\"name\":null}")]
    public void Null_is_personal_data_where_the_type_has_it(string type, string written) => Probe.Run($$"""
        [Event] public sealed record Named(int Id, [PersonalData(Subject = "Id")] {{type}} Name);

        public static class Test
        {
            public static string Run()
            {
                try { return Json.Write<Named, FluentEventStore.Generated.NamedJson>(new Named(1, null!)); }
                catch (System.Text.Json.JsonException refused) { return refused.Message; }
            }
        }
        """).ShouldBe(written);

    private const string Id = "Guid C, [PersonalData(Subject = \"C\")] string Name";

    [Theory]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E({Id}) {{ public string Greeting => \"Hi \" + Name; }}",
        "'E.Greeting' cannot be stored as it is: it names 'E.Name', which is personal data, and would show it in plain text; ignore it "
            + "with [JsonIgnore], or mark it with [PersonalData] too")]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E({Id}) {{ public string Copy {{ get; init; }} = Name; }}",
        "'E.Copy' cannot be stored as it is: it names")]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E({Id}) {{ public string Twin {{ get {{ return this.Name; }} init {{ }} }} }}",
        "'E.Twin' cannot be stored as it is: it names 'E.Name'")]
    [InlineData("FES0021", $"[Event] public sealed record E({Id}) {{ public int Length => Name.Length; }}", "'E.Length' cannot be stored")]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E({Id}) {{ private string Full => \"Dr. \" + Name; [JsonIgnore] public string Ignored => Full; "
            + "public string Shown => Ignored; }",
        "'E.Shown' cannot be stored as it is: it names 'E.Name'")]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E(P Person) {{ public string Greeting => Person.Name; }} public sealed record P({Id});",
        "'E.Greeting' cannot be stored as it is: it names 'P.Name'")]
    [InlineData(
        "FES0021",
        "[Event] public sealed record E(P[] People) { public IEnumerable<string> Names => People.Select(person => person.Name); } "
            + $"public sealed record P({Id});",
        "'E.Names' cannot be stored")]
    [InlineData(
        "FES0021",
        $"[Event] public sealed record E(P Person); public sealed record P({Id}) {{ public string Greeting => Name; }}",
        "'P.Greeting' cannot be stored")]
    [InlineData(
        "FES0021",
        $"public abstract record B({Id}); [Event] public sealed record E(Guid C, string Name) : B(C, Name) {{ "
            + "public string Greeting => Name; }",
        "'E.Greeting' cannot be stored")]
    [InlineData(
        "FES0021",
        $"public abstract record B({Id}) {{ public virtual string Greeting => Name; }} [Event] public sealed record E(Guid C, string "
            + "Name) : B(C, Name);",
        "'B.Greeting' cannot be stored")]
    [InlineData(
        "FES0021",
        "[Event] public sealed class E { public Guid C { get; set; } private string _name = \"\"; [PersonalData(Subject = \"C\")] public "
            + "string Name { get => _name; set => _name = value; } public string Shown => _name; }",
        "'E.Shown' cannot be stored as it is: it names 'E.Name'")]
    [InlineData(
        "FES0021",
        "[Event] public sealed class E { public Guid C { get; set; } [JsonInclude] private string _name = \"\"; [PersonalData(Subject = "
            + "\"C\")] public string Name { get => _name; set => _name = value; } }",
        "'E._name' cannot be stored as it is: it names 'E.Name'")]
    [InlineData(
        "FES0021",
        "[Event] public sealed class E(Guid c, string name) { public Guid C => c; [PersonalData(Subject = \"C\")] public string Name => "
            + "name; public string Shown => name; }",
        "'E.Shown' cannot be stored")]
    [InlineData(
        "FES0021",
        "[Event] public readonly struct E(Guid c, [PersonalData(Subject = \"C\")] string name) { public Guid C { get; } = c; public "
            + "string Name { get; } = name; public string Shown { get; init; } = name.Trim(); }",
        "'E.Shown' cannot be stored")]
    [InlineData(
        "FES0022",
        $"[Event] public sealed record E({Id}) {{ [Tag(\"n\"), JsonIgnore] public string T => Name; }}",
        "'E.T' cannot tag an event: it names 'E.Name', which is personal data, and a tag would show it")]
    public void What_would_show_personal_data_in_plain_text_is_refused(string id, string source, string message) =>
        Sources.Run(Sources.Parse(source), out _).Diagnostics
            .Select(Sources.Describe)
            .Where(text => text.StartsWith(id, StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain(message);

    [Theory]
    [InlineData(
        $"[Event] public sealed record E({Id}) {{ [JsonIgnore] public string Greeting => \"Hi \" + Name; "
            + "public static string Of(E e) => e.Name; public override string ToString() => Name; }")]
    [InlineData($"[Event] public sealed record E({Id}) {{ [PersonalData(Subject = \"C\")] public string Greeting => \"Hi \" + Name; }}")]
    [InlineData($"[Event] public sealed record E({Id}) {{ public string What => nameof(Name); public Guid Twin => C; }}")]
    [InlineData(
        $"[Event] public sealed record E({Id}, List<int> Counts, P Other) {{ public string Count => Other.Name; }} public sealed record "
            + "P(string Name);")]
    [InlineData(
        "[Event] public sealed record E(Guid C, [PersonalData(Subject = \"C\")] string First, List<int> Counts) { public int Least => "
            + "Counts.First(); }")]
    public void What_does_not_show_personal_data_is_not_refused(string source) => Sources.Generate(Sources.Parse(source), out _);

    [Theory]
    [InlineData(
        "FES0021",
        "public interface I { [PersonalData(Subject = \"C\")] string Name { get; } } "
            + "[Event] public sealed record E(Guid C, string Name) : I;",
        "'E.Name' cannot be stored as personal data: the mark is on 'I.Name', where it has no effect; mark 'E.Name' itself")]
    [InlineData(
        "FES0021",
        "public interface I<T> { [PersonalData(Subject = \"C\")] T Name { get; } } public interface J : I<string>; [Event] public sealed "
            + "record E(P Person); public record B(string Name) : J; public sealed record P(Guid C, string Name) : B(Name);",
        "'B.Name' cannot be stored as personal data")]
    [InlineData(
        "FES0022",
        "public interface I { [Tag] Guid Order { get; } } [Event] public sealed record E(Guid Order) : I;",
        "'E.Order' cannot tag an event: the mark is on 'I.Order'")]
    [InlineData(
        "FES0009",
        "public interface I { [JsonIgnore] string? Secret { get; } } [Event] public sealed record E(string Secret) : I;",
        "[JsonIgnore] on 'E.Secret' is not supported: it is on 'I.Secret', where it has no effect; mark 'E.Secret' itself")]
    [InlineData(
        "FES0009",
        "public interface I { [JsonPropertyName(\"s\")] string Secret { get; } } [Document] public sealed record E(Guid Id, string "
            + "Secret) : I;",
        "[JsonPropertyName] on 'E.Secret' is not supported")]
    [InlineData(
        "FES0009",
        "public abstract record B { [JsonIgnore] public abstract string Secret { get; init; } } [Event] public sealed record E : B { "
            + "public override string Secret { get; init; } = \"\"; }",
        "[JsonIgnore] on 'E.Secret' is not supported: it is on 'B.Secret'")]
    public void A_mark_on_a_property_that_is_implemented_or_overridden_is_not_ignored(string id, string source, string message) =>
        Sources.Run(Sources.Parse(source), out _).Diagnostics
            .Where(diagnostic => diagnostic.Id == id)
            .Select(Sources.Describe)
            .ShouldHaveSingleItem()
            .ShouldContain(message);

    [Theory]
    [InlineData(
        "public interface I { [PersonalData(Subject = \"C\")] string Name { get; } } [Event] public sealed record E(Guid C, "
            + "[PersonalData(Subject = \"C\")] string Name) : I;")]
    [InlineData(
        "public interface I { [JsonIgnore] string? Secret { get; } [JsonPropertyName(\"x\")] int Other { get; } } [Event] public sealed "
            + "record E([property: JsonIgnore] string? Secret, int A) : I { int I.Other => 1; }")]
    [InlineData(
        "public interface I { [PersonalData(Subject = \"C\")] string Text { get; } } [Event] public sealed record E(Guid C, "
            + "[PersonalData(Subject = \"C\")] string Name) : I { string I.Text => Name; }")]
    public void A_mark_that_the_property_has_too_is_followed(string source) => Sources.Generate(Sources.Parse(source), out _);
}
