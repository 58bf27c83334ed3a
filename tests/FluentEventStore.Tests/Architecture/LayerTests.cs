using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>Who may use whom, as docs/explanation/architecture.md says it.</summary>
public sealed class LayerTests
{
    private static readonly string[] PublicNpgsqlTypes = ["Npgsql.NpgsqlDataSource", "Npgsql.NpgsqlConnection", "Npgsql.NpgsqlTransaction"];

    public static TheoryData<string> Projects =>
    [
        "src/FluentEventStore",
        "src/FluentEventStore.AspNetCore",
        "src/FluentEventStore.LocalPostgres",
        "generators/FluentEventStore.Generators",
    ];

    [Theory, MemberData(nameof(Projects))]
    public void A_room_uses_only_the_rooms_that_its_table_allows(string project)
    {
        var sources = Library.SourcesOf(project);
        sources.Faults.ShouldBeEmpty();
        Floor.Of(sources.Files.Values).SelectMany(floor => Layers.OfArchitecture.Judge(project, floor, sources)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_rooms_use_each_other_in_a_circle(string project)
    {
        var sources = Library.SourcesOf(project);
        Floor.Of(sources.Files.Values).SelectMany(floor => floor.FindRings(sources.Uses)).ShouldBeEmpty();
    }

    [Fact]
    public void A_forbidden_use_a_missing_row_and_a_row_for_nothing_are_reported()
    {
        var sources = Sources.Of(
            ("A/Foo.cs", "namespace X; class Foo { Bar bar; }"),
            ("B/Bar.cs", "namespace X; class Bar;"),
            ("C/Else.cs", "namespace X; class Else;"));
        var layers = Layers.Of(
            "## `src/X`\n\n| folder | holds | may use |\n|---|---|---|\n| A | a | nothing |\n| B | b | all above |\n| D | d | E |\n");

        layers.Judge("src/X", new Floor(""), sources).ShouldBe(
        [
            "src/X: the table has no row for C", "src/X: there is no D, which the table has a row for", "src/X: there is no E, which a "
                + "row of the table allows", "A/Foo uses B/Bar",
        ]);
        layers.Judge("src/Y", new Floor(""), sources).ShouldBe(["src/Y has no table"]);
        Layers.Of("## `src/X`\n| A | a | B, C |\n| B | b | nothing |\n| C | c | `.` |\n| `.` | own | nothing |\n")
            .Judge("src/X", new Floor(""), Sources.Of([.. Texts(sources), ("Own.cs", "namespace X; class Own { Foo foo; }")]))
            .ShouldBe(["Own uses A/Foo"]);
    }

    [Fact]
    public void A_circle_is_reported_on_every_floor()
    {
        var sources = Sources.Of(
            ("A/Deep/Foo.cs", "namespace X; class Foo { Bar bar; }"), ("A/Deeper/Bar.cs", "namespace X; class Bar { Own own; }"), (
                "A/Own.cs", "namespace X; class Own : Foo;"));

        Floor.Of(sources.Files.Values).SelectMany(floor => floor.FindRings(sources.Uses))
            .ShouldBe(["A has a ring: A/Own uses A/Deep/Foo; A/Deep/Foo uses A/Deeper/Bar; A/Deeper/Bar uses A/Own"]);
    }

    [Theory]
    [InlineData("class Foo { string Name => nameof(Bar); }")]
    [InlineData("class Foo { int Size => Bar.Size; }")]
    [InlineData("class Foo { const int Size = Bar.Size; }")]
    [InlineData("[Bar] class Foo;")]
    [InlineData("class Foo { void Try() { try { } catch (Bar) { } } }")]
    [InlineData("class Foo { object Cast(int value) => (Bar.Kind)value; }")]
    [InlineData("class Foo { string Text => $\"select {Bar.Size}\"; }")]
    [InlineData("class Foo { object Make() { System.Func<object> make = () => new Bar(); return make(); } }")]
    [InlineData("class Foo { System.Collections.Generic.List<Bar[]> bars; }")]
    [InlineData("class Foo { int Size => \"\".SizeOf(); }")]
    [InlineData("class Foo { class Inner { Bar.Nested nested; } }")]
    [InlineData("class Foo<T> where T : Bar;")]
    public void A_use_counts_wherever_it_is(string user)
    {
        const string Used =
            "namespace X; static class Bars { } class BarAttribute : System.Attribute; class Bar : System.Exception { public const int "
                + "Size = 1; public enum Kind { A } public class Nested; }";
        const string Extension = "namespace X; static class Bar { public static int SizeOf(this string text) => 1; }";
        var sources = Sources.Of(
            ("A/Foo.cs", $"namespace X; {user}"), ("B/Bar.cs", user.Contains("SizeOf", StringComparison.Ordinal) ? Extension : Used));

        sources.Uses.ShouldContain(static use => use.UserFile == "A/Foo.cs" && use.UsedFile == "B/Bar.cs");
    }

    [Fact]
    public void Every_type_of_the_assembly_is_found_in_the_sources()
    {
        var lost =
            from type in Library.Load(typeof(EventStore)).Types
            where !type.CustomAttributes.Any(
                static attribute => attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "EmbeddedAttribute")
            where !type.Name.StartsWith('<') && type.Namespace.StartsWith("FluentEventStore", StringComparison.Ordinal)
            where !Library.Sources.Files.ContainsKey(type.FullName)
            select type.FullName;

        lost.ShouldBeEmpty();
    }

    [Fact]
    public void Only_Postgres_and_Schema_open_connections_and_execute()
    {
        var violations =
            from user in Library.Types
            where user.Layer is not ("Postgres" or "Schema")
            from call in TypeUses.Calls(user.Type)
            where TalksToTheServer(call)
            select $"{user.Layer}/{user.Type.Name} calls {call.DeclaringType.Name}.{call.Name}";

        violations.ShouldBeEmpty();
        TypeUses.Calls(Library.Types.Single(static type => type.Type.Name == "Database").Type)
            .ShouldContain(static call => TalksToTheServer(call));
    }

    [Fact]
    public void Weasel_is_used_only_in_Schema_and_in_types_that_are_named_after_it()
    {
        var violations =
            from user in Library.Types
            where user.Layer != "Schema" && !user.Type.Name.EndsWith("Schema", StringComparison.Ordinal)
            from used in TypeUses.Of(user.Type)
            where IsWeasel(used)
            select $"{user.Layer}/{user.Type.Name} uses {used}";

        violations.ShouldBeEmpty();
        TypeUses.Of(Library.Types.Single(static type => type.Type.Name == "EventsSchema").Type)
            .ShouldContain(static used => IsWeasel(used));
    }

    [Fact]
    public void No_public_signature_names_Weasel_or_more_of_Npgsql_than_its_connections()
    {
        var violations =
            from type in Library.Load(typeof(EventStore)).Types
            where type.IsPublic
            from method in type.Methods
            where method.IsPublic || method.IsFamily
            from used in TypeUses.OfSignature(method)
            where IsWeasel(used) || (used.StartsWith("Npgsql.", StringComparison.Ordinal) && !PublicNpgsqlTypes.Contains(used))
            select $"{type.Name}.{method.Name} names {used}";

        violations.ShouldBeEmpty();
    }

    private static IEnumerable<(string Path, string Text)> Texts(Sources sources) =>
        sources.Files.Select(static type => (type.Value, type.Key switch
    {
        "X.Foo" => "namespace X; class Foo { Bar bar; }",
        _ => $"namespace X; class {type.Key[2..]};",
    }));

    private static bool IsWeasel(string type) =>
        type.StartsWith("Weasel.", StringComparison.Ordinal) || type.StartsWith("JasperFx.", StringComparison.Ordinal);

    private static bool TalksToTheServer(MethodReference call) =>
        call.DeclaringType.FullName is var type
        && (type.StartsWith("Npgsql.", StringComparison.Ordinal) || type.StartsWith("System.Data.", StringComparison.Ordinal))
        && (call.Name.StartsWith("Open", StringComparison.Ordinal)
            || call.Name.StartsWith("Execute", StringComparison.Ordinal)
            || call.Name.StartsWith("BeginTransaction", StringComparison.Ordinal));
}
