using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Tests;

/// <summary>What an edit of one file makes the generator look at again in another one.</summary>
public sealed class KeystrokeTests
{
    private const string Event = "[Event(Names.Placed)] public sealed record Placed(Line Line);";

    private const string Other = """
        public static class Names
        {
            public const string Placed = "placed";
            public static int Next(int value) { return value + 1; }
        }
        public sealed class Line
        {
            public Line(int count) => Count = count;
            public int Count { get; }
            public string Note { get => ""; set { } }
        }
        """;

    [Theory]
    [InlineData("value + 1", "value + 2")]
    [InlineData("value + 1;", "value + ;")]
    [InlineData("return value + 1;", "int Local(int x) => x; return Local(value);")]
    [InlineData("=> Count = count", "=> Count = count + 1")]
    [InlineData("public static int Next", "/* comment */\n\n    public static  int  Next")]
    public void An_edit_that_declares_nothing_parses_no_event_again(string before, string after) =>
        Rerun(Other, Replaced(before, after)).TrackedSteps[EventGenerator.ModelStep]
            .Single().Outputs
            .Single().Reason
            .ShouldBe(IncrementalStepRunReason.Cached);

    [Theory]
    [InlineData("\"placed\"", "\"placed-by-mail\"")]
    [InlineData("int Count { get; }", "int Total => 1;\n    public int Count { get; }")]
    [InlineData("get => \"\"; set { }", "get => field ?? \"\"; set => field = value;")]
    [InlineData("Line(int count)", "Line(int count = 7)")]
    [InlineData("string Note", "string? Note")]
    [InlineData("public sealed class Line", "#nullable disable\npublic sealed class Line")]
    [InlineData("return value + 1; }", "\n#nullable disable\nreturn value + 1; }")]
    [InlineData("public static int Next", "}\nnamespace Inner {")]
    public void An_edit_that_declares_something_writes_what_a_first_run_would_write(string before, string after)
    {
        var edited = Replaced(before, after);
        Texts(Rerun(Other, edited)).ShouldBe(Texts(Rerun(edited, edited)));
    }

    [Theory]
    [InlineData("public int Total;", "public int Total; public int Added")]
    [InlineData("public int Total;", "public int Sum; public int Total;")]
    [InlineData("public int Total;", "public int Total; public Placed Last() => throw new System.Exception();")]
    [InlineData("public int Total;", "")]
    [InlineData("(Placed placed)", "(Placed? placed, int count)")]
    public void A_member_of_a_type_that_no_event_reaches_parses_no_event_again(string before, string after)
    {
        const string Report = "public sealed class Report { public int Total; public void Add(Placed placed) { } }";
        Report.ShouldContain(before);
        var compilation = Compile(Other).AddSyntaxTrees(Tree(Report));
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);

        // Twice, since the first edit must leave what the second one is compared with.
        foreach (var edited in new[] { Report.Replace(before, after), Report.Replace(before, after + " private int again; ") })
        {
            compilation = Edit(compilation, edited);
            driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
            driver.GetRunResult().Results
                .Single().TrackedSteps[EventGenerator.ModelStep]
                .Single().Outputs
                .Single().Reason
                .ShouldBe(IncrementalStepRunReason.Cached);
        }
    }

    [Theory]
    [InlineData("public class Base { }", "public class Base { public int Kept { get; init; } }")]
    [InlineData("public class Base { }", "public class Base { public class Line { public int Other { get; init; } } }")]
    [InlineData("const int Version = 1", "const int Version = 2")]
    [InlineData("Low, High", "Low, Middle, High")]
    [InlineData("string Text { get; init; }", "int Text { get; init; }")]
    [InlineData("int Weight { get; init; }", "long Weight { get; init; }")]
    [InlineData("int Weight { get; init; }", "int Weight { get; private set; }")]
    [InlineData("override string Read(", "override bool HandleNull => true; public override string Read(")]
    [InlineData("static class Placing { ", "static class Placing { [Upcaster] public static Placed Up(PlacedV1 old) => null!; ")]
    [InlineData("static class Placing { ", "static class Placing { [Event(\"inner\")] public sealed record Inner(int A); ")]
    [InlineData("class Placing", "partial class Placing")]
    [InlineData("namespace Late { }", "namespace Late { public enum Level { Other } }")]
    [InlineData("interface IWeighed { int Weight { get; } }", "interface IWeighed { int Weight { get; } int Also => 1; }")]
    public void A_member_that_an_event_reaches_through_other_types_is_written_as_a_first_run_would_write_it(string before, string after)
    {
        const string Far = """
            using System; using System.Text.Json; using System.Text.Json.Serialization; using FluentEventStore; using Late;
            namespace Late { }
            public class Base { }
            public interface IWeighed { int Weight { get; } }
            public static class Numbers { public const int Version = 1; }
            public enum Level { Low, High }
            public sealed class Leaf { public string Text { get; init; } = ""; }
            public sealed class Branch<T> : Base, IWeighed where T : Leaf { public int Weight { get; init; } public T? Leaf { get; init; } }
            public sealed class Converter : JsonConverter<string>
            {
                public override string Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => "";
                public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) { }
            }
            public static class Placing { }
            """;
        const string Near = """
            [Event("placed", Version = 1)]
            public sealed record PlacedV1(int Count);
            [Event("placed", Version = 1 + Numbers.Version)]
            public sealed record Placed(
                Branch<Leaf>[] Branches, Level Level, [property: JsonConverter(typeof(Converter))] string Converted, Leaf? Next = null);
            """;
        Far.ShouldContain(before);
        var edited = Far.Replace(before, after);
        Texts(Rerun(Far, edited, Near)).ShouldBe(Texts(Rerun(edited, edited, Near)));
    }

    [Theory]
    [InlineData("[Event] public sealed record Moved(Guid Id, Missing To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, Missing? To = null);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, List<Missing> To, Dictionary<string, Missing[]> More);")]
    [InlineData(
        "[Event] public sealed record Moved(Guid Id, Missing<int> To, Not.There Also, Missing Id2) { "
            + "public Missing Id2 { get; init; } = Id2; }")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [PersonalData(Subject = \"Id\")] Missing To);")]
    [InlineData("[Event] public sealed record Moved(Missing Id, [PersonalData(Subject = \"Id\")] string To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [Tag] Missing To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [property: JsonIgnore] Missing To);")]
    [InlineData(
        "[Event] public sealed record Moved(Guid Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] "
            + "Missing To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [property: JsonExtensionData] Dictionary<string, Missing> To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [property: JsonConverter(typeof(Missing))] int To);")]
    [InlineData("[Event] public sealed record Moved(Guid Id, [property: JsonNumberHandling(Missing.Strict)] int To);")]
    [InlineData("[Event] public sealed record Moved([Missing] Guid Id, [property: Missing(1)] int To);")]
    [InlineData("[Missing, Event] public sealed record Moved(Guid Id);")]
    [InlineData("[Event(Missing.Name)] public sealed record Moved(Guid Id);")]
    [InlineData("[Event, EventAlias(Missing.Name)] public sealed record Moved(Guid Id);")]
    [InlineData("[Event] public sealed record Moved(Guid Id) : Missing(Id);")]
    [InlineData("[Event] public sealed record Moved(Guid Id) : Missing<Moved>, IMissing;")]
    [InlineData(
        "[Event] public sealed class Moved : Base<Missing>; public abstract class Base<T> { public T? To { get; set; } public required T "
            + "Need { get; set; } }")]
    [InlineData(
        "[Event] public sealed class Moved { public Missing To { get; set; } public required Missing Need { get; init; } [JsonInclude] "
            + "private Missing _kept; public Missing Twice => To; public Missing Only { get; } }")]
    [InlineData("[Event] public sealed class Moved(Missing to) { public Missing To { get; } = to; public Missing Again { get; } = to; }")]
    [InlineData(
        "[Event] public readonly struct Moved(int to, Missing more) { public int To { get; } = to; public Missing More { get; } = more; }")]
    [InlineData("[Event] public sealed record Moved(Place To); public sealed record Place(Missing In, int Number);")]
    [InlineData(
        "[Event] public sealed record Moved(IPlace To); [JsonDerivedType(typeof(Missing), \"m\"), JsonDerivedType(typeof(Place), \"p\")] "
            + "public interface IPlace; public sealed record Place(Missing In) : IPlace;")]
    [InlineData(
        "[Event] public sealed record Moved<T>(T Item); public sealed class Handler { } [Aggregate] public sealed partial record "
            + "Order(Guid Id) { public static Order Create(Moved<Missing> e) => new(Guid.Empty); }")]
    [InlineData("[assembly: ClosedEvent(typeof(Moved<Missing>))] [Event] public sealed record Moved<T>(T Item);")]
    [InlineData(
        "[assembly: ClosedEvent(typeof(Missing))] [assembly: UseConverter(typeof(Missing))] [Event] public sealed record Moved(int Item);")]
    [InlineData(
        "[Aggregate] public sealed partial record Order(Guid Id, Missing To) { public static Order Create(Missing e) => new(Guid.Empty, "
            + "null!); public Missing Apply(Other e) => null!; public Order Apply(IEvent<Missing> e) => this; public bool "
            + "ShouldDelete(Missing e) => true; }")]
    [InlineData(
        "[Aggregate] public sealed partial record Order(Missing Id, int To) { public static Order Create(Other e) => new(null!, 1); }")]
    [InlineData("[Document] public sealed record Cart(Missing Id, int To); [Document] public sealed record Bag(Guid Id, Missing To);")]
    [InlineData("[StreamId] public readonly partial record struct OrderId(Missing Value); [Event] public sealed record Moved(OrderId Id);")]
    [InlineData(
        "[Decider] public sealed partial class D : IDecider<Missing>; [Decider] public sealed partial class D2 { public static Missing "
            + "Initial => null!; public static Missing Evolve(Missing state, Missing e) => state; public static IEnumerable<Missing> "
            + "Decide(Missing state, Missing command) => []; }")]
    [InlineData(
        "[EventHandler] public sealed partial class H : IEventHandler { "
            + "public Missing Handle(Missing e, Missing<int> session) => null!; }")]
    [InlineData(
        "public static class Ups { [Upcaster] public static Other Up(Missing old) => null!; [Upcaster] public static Missing Down(Other "
            + "old) => null!; [Upcaster(\"o\")] public static Missing Json(System.Text.Json.JsonElement old) => null!; }")]
    [InlineData("[Event] public sealed record Moved(Level To); public enum Level : Missing { A, B = Missing.C }")]
    [InlineData("[Event] public sealed record Moved(Level To); public enum Level { [JsonStringEnumMemberName(Missing.Text)] A, B }")]
    [InlineData(
        "[Event] public sealed record Moved(Own To); public sealed class Own : List<Missing>; public sealed class Two : Missing, "
            + "IEnumerable<Missing> { }")]
    [InlineData("[Event] public sealed record Moved(int To = Missing.Most, Missing More = Missing.None);")]
    [InlineData("[Event] public sealed record Moved(int);")]
    [InlineData("[Event] public sealed record Moved(int A,);")]
    [InlineData("[Event] public sealed record Moved(int A = );")]
    [InlineData("[Event] public sealed record Moved(int A, int A);")]
    [InlineData("[Event] public sealed record Moved(string A = 5, int B = \"x\");")]
    [InlineData("[Event] public sealed class Moved { public int { get; set; } public { get; set; } public int A { get; set; } = ; }")]
    [InlineData("[Event] public sealed class Moved { public int A { get; set; } public string A { get; set; } }")]
    [InlineData("[Event] public sealed record Moved(int A) : Moved(A);")]
    [InlineData(
        "[Event] public sealed record Moved(Guid C, [PersonalData(Subject = \"C\")] string Name) { public string Text => Name + ; public "
            + "string More { get => } [Tag] public string T => Missing.Of(Name); }")]
    public void A_missing_type_does_not_stop_the_generation_for_others(string source)
    {
        var result = Sources.Run(
            Sources.Parse(source + "\n[Event] public sealed record Other(int A);", languageVersion: LanguageVersion.CSharp14),
            out var output);
        result.GeneratedSources.Select(static file => file.HintName).ShouldContain("OtherJson.g.cs");
        output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(
                static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                    && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)
            .Select(Sources.Describe).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("using Later;", "")]
    [InlineData("", "using Later;")]
    public void A_using_that_comes_or_goes_writes_what_a_first_run_would_write(string before, string after)
    {
        const string Moved =
            " namespace Later { public sealed record Address(string City); } [FluentEventStore.Event] public sealed record "
                + "Moved(System.Guid Id, Address To);";
        Texts(Rerun(before + Moved, after + Moved)).ShouldBe(Texts(Rerun(after + Moved, after + Moved)));
    }

    [Fact]
    public void A_mistake_in_an_edited_file_is_reported_at_its_new_place()
    {
        var mistake = Other.Replace(
            "public int Count { get; }", "public int Count { get; }\n    public System.Threading.Tasks.Task Work { get; set; }");
        var result = Rerun(mistake, mistake.Replace("return value + 1;", "var next = value;\n        return next + 1;"));
        var report = result.Diagnostics.ShouldHaveSingleItem();
        report.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(report.Location.SourceSpan).ShouldBe("Work");
        report.Location.GetLineSpan().StartLinePosition.Line.ShouldBe(10);
        report.Descriptor.HelpLinkUri.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_mistake_is_reported_in_its_own_file_although_another_one_has_the_same_path()
    {
        const string Before =
            "public sealed class Bad { public System.Threading.Tasks.Task Work { get; set; } = null!; public int Next(int value) { return "
                + "value; } }";
        var compilation = Sources.Parse(
            "[Event(\"placed\")] public sealed record Placed(Bad Bad);", languageVersion: LanguageVersion.CSharp14)
            .AddSyntaxTrees(
                Tree(
                    "public sealed class Twin { public int A { get; set; } public int B { get; set; } public int Next(int value) { return "
                        + "value; } }"),
                Tree(Before));
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = Edit(compilation, "\n" + Before.Replace("return value;", "return value + 1;", StringComparison.Ordinal));
        var report = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Diagnostics.ShouldHaveSingleItem();
        report.Location.SourceTree.ShouldBe(edited.SyntaxTrees[^1]);
        report.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(report.Location.SourceSpan).ShouldBe("Work");
    }

    [Fact]
    public void A_pragma_reaches_a_mistake_after_an_edit_above_it()
    {
        var mistake = Other.Replace(
            "public int Count { get; }",
            "#pragma warning disable FES0012, FES0005, FES0006, FES0007\n    public int Count { get; }\n    public "
                + "System.Threading.Tasks.Task Work { get; set; }");
        var compilation = Compile(mistake);
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = Edit(compilation, mistake.Replace("return value + 1;", "var next = value;\n        return next + 1;"));
        driver.RunGeneratorsAndUpdateCompilation(edited, out _, out var reported, TestContext.Current.CancellationToken);
        reported.Where(static diagnostic => !diagnostic.IsSuppressed).Select(Sources.Describe).ShouldBeEmpty();
    }

    [Fact]
    public void An_attribute_of_the_assembly_in_a_file_of_its_own_is_found()
    {
        var compilation = Sources.Parse("[Event(\"held\")] public sealed record Held<T>(T Item);");
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var closed = compilation.AddSyntaxTrees(
            Tree("global using Closed = FluentEventStore.ClosedEventAttribute;\n[assembly: Closed(typeof(Held<int>))]"));
        driver.RunGenerators(closed, TestContext.Current.CancellationToken).GetRunResult().Results.Single().GeneratedSources
            .Single(static source => source.HintName == "ShopCatalog.g.cs").SourceText.ToString().ShouldContain("held-of-int32");
    }

    [Fact]
    public void A_closed_event_that_two_places_name_has_one_codec() => Sources.Generate(Sources.Parse("""
        [assembly: ClosedEvent(typeof(Held<int>))]
        [Event("held")] public sealed record Held<T>(T Item);
        [Aggregate] public sealed partial record Order(Guid Id, int Count)
        {
            public static Order Create(Held<int> e) => new(Guid.Empty, e.Item);
        }
        """), out _).GeneratedSources.Count(static source => source.HintName.StartsWith("Held", StringComparison.Ordinal)).ShouldBe(1);

    [Fact]
    public void An_attribute_may_have_another_name_everywhere()
    {
        var compilation = Sources.Parse("[Fact] public sealed record Placed(int Count);");
        var aliased = compilation.AddSyntaxTrees(Tree("global using Fact = FluentEventStore.EventAttribute;"));
        Sources.Generate(aliased, out _).GeneratedSources.Select(static source => source.HintName).ShouldContain("PlacedJson.g.cs");

        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        driver.RunGenerators(aliased, TestContext.Current.CancellationToken).GetRunResult().GeneratedTrees.ShouldNotBeEmpty();
    }

    private static string Replaced(string before, string after)
    {
        Other.ShouldContain(before);
        return Other.Replace(before, after);
    }

    private static string[] Texts(GeneratorRunResult result) =>
        [.. result.GeneratedSources.Select(static source => source.SourceText.ToString()).Order(StringComparer.Ordinal)];

    private static GeneratorRunResult Rerun(string before, string after, string declared = Event)
    {
        var compilation = Compile(before, declared);
        return Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken)
            .RunGenerators(Edit(compilation, after), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
    }

    private static CSharpCompilation Compile(string other, string declared = Event) =>
        Sources.Parse(declared, languageVersion: LanguageVersion.CSharp14).AddSyntaxTrees(Tree(other));

    private static CSharpCompilation Edit(CSharpCompilation compilation, string after)
    {
        var tree = compilation.SyntaxTrees[^1];
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(after)));
    }

    private static SyntaxTree Tree(string source) => CSharpSyntaxTree.ParseText(
        SourceText.From(source),
        new CSharpParseOptions(
            source.StartsWith("global", StringComparison.Ordinal) ? LanguageVersion.CSharp12 : LanguageVersion.CSharp14,
            DocumentationMode.Diagnose),
        "Other.cs",
        TestContext.Current.CancellationToken);
}
