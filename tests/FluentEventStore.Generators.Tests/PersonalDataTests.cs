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
            [Event] public sealed record A(Guid @event, string Name, PersonId Person, [property: PersonalData(Subject = nameof(A.Person))] int? Age) : Named(@event, Name);
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
        registrations.Where(static line => line.Contains("holdsPersonalData: true")).Count().ShouldBe(4);
        registrations.Single(static line => !line.Contains("holdsPersonalData")).ShouldContain("global::Plain,");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Write<string, NameCodec>(writer.Name("name"u8), "name", value.Name, value.@event);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Read<string, NameCodec>(ref reader, "name", "a\"b", ref nameClaim);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Confirm(nameClaim, "name", result.@event);""");
        files["AJson.g.cs"].ShouldContain("""PersonalValue.Confirm(ageClaim, "age", result.Person.Value);""");
        files["AJson.g.cs"].ShouldContain("value.Age, value.Person.Value");
        files["BJson.g.cs"].ShouldContain("""PersonalValue.Read<string?, NoteCodec>(ref reader, "note", default, ref noteClaim);""");
        files["PlainJson.g.cs"].ShouldNotContain("PersonalValue");
    }

    [Fact]
    public void What_a_property_is_marked_with_holds_for_those_that_override_it()
    {
        var files = Sources.Generate(Sources.Parse("""
            public abstract record Named(Guid Id) { [Tag] public abstract Guid Order { get; init; } [PersonalData(Subject = "Id")] public abstract string Name { get; init; } }
            public abstract record Aged(Guid Id, [PersonalData(Subject = "Id")] int? Age) : Named(Id) { public virtual int? Age { get; init; } = Age; }
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
        """).ShouldBe("{\"id\":1,\"name\":null}Personal data is written and read by a store only, as a part of an event.");
}
