using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>What cannot be a projection: a rule says so at the type or method, and nothing is written for it.</summary>
public sealed class ProjectionRefusalTests
{
    private const string Types = """
        public interface IOrderEvent;
        [StreamId] public readonly partial record struct OrderId(Guid Value);
        [Event] public sealed record Placed(Guid Id) : IOrderEvent;
        [Event] public sealed record Paid(Guid Id, decimal Amount) : IOrderEvent;
        [Document] public sealed record Total(Guid Id) { public decimal Paid { get; init; } }

        """;

    private const string Identity = "public static Guid Identity(Placed e) => e.Id;";

    private const string Create = "public static Total Create(Placed e) => new(e.Id);";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "FES0080", "[Projection] public sealed partial class Totals;", "it derives from no kind of projection: MultiStreamProjection" },
        { "FES0080", Of("[Projection] public abstract partial class Totals"), "it is abstract" },
        { "FES0080", Of("[Projection] public sealed partial class Totals<T>"), "it is generic" },
        { "FES0080", $"public partial class Shop<T> {{ {Of("[Projection] public sealed partial class Totals")} }}", "it is generic" },
        { "FES0080", Of("[Projection] file sealed partial class Totals"), "it is local to its file" },
        {
            "FES0080",
            $"public partial class Shop {{ {Of("[Projection] private sealed partial class Totals")} }}",
            "is private or protected"
        },
        { "FES0080", Of("""[Obsolete("", error: true), Projection] public sealed partial class Totals"""), "obsolete" },
        { "FES0080", Of("[Projection(Version = 0)] public sealed partial class Totals"), "its version is 0; versions are 1 to 999" },
        { "FES0080", Of("[Projection(Version = 1000)] public sealed partial class Totals"), "its version is 1000" },
        { "FES0080", Totals(Identity), "no method Create, Apply or Evolve takes an event" },
        { "FES0080", Totals(""), "no method Create, Apply or Evolve takes an event" },
        {
            "FES0081",
            "public sealed record View(Guid Id); " + Totals("public static Guid Identity(Placed e) => e.Id;", "View"),
            "'View' cannot be what 'Totals' keeps: it is not marked with [Document]"
        },
        {
            "FES0081",
            """
                [Document, Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(e.Id); }
                """ + Totals(Identity + "public static Order Create(Placed e) => new(e.Id);", "Order"),
            "it is an aggregate, which is folded from one stream"
        },
        {
            "FES0081",
            Totals("public static string Identity(Placed e) => \"\";" + Create, "Total, string"),
            "its Id is of type 'System.Guid', and its identities are of type 'string'"
        },
        {
            "FES0081",
            Totals("public static OrderId Identity(Placed e) => default;" + Create, "Total, OrderId"),
            "its Id is of type 'System.Guid', and its identities are of type 'OrderId'"
        },
        { "FES0080", Lines(""), "no method Project takes an event and IDocumentOperations" },
        {
            "FES0084",
            Lines("public static void Project(Placed e, IDocumentOperations operations) => Write(operations);"
                + "private static void Write(IDocumentOperations operations) { }"),
            "hands 'operations' on"
        },
        {
            "FES0084",
            Lines("public static void Project(Placed e, IDocumentOperations operations) => operations.Store<object>(e);"),
            "does not name a type of documents"
        },
        {
            "FES0084",
            Lines("public static void Project(Placed e, IDocumentOperations operations) { }"),
            "no call in it writes a document"
        },
        {
            "FES0081",
            "public sealed record Line(Guid Id);"
                + Lines("public static void Project(Placed e, IDocumentOperations operations) => operations.Store(new Line(e.Id));"),
            "it is not marked with [Document]"
        },
        { "FES0014", Lines("public static void Project(Placed e) { }"), "it must take IDocumentOperations once" },
        {
            "FES0014",
            Lines("public static void Project(Placed e, IDocumentSession session) => session.Store(new Total(e.Id));"),
            "it must take IDocumentOperations instead of a session"
        },
        { "FES0082", Totals(Create), "'Totals' takes 'Placed', but no method Identity or Identities says which views it concerns" },
        {
            "FES0082",
            Totals(Identity + Create + "public static Total Apply(Paid e, Total view) => view;"),
            "'Totals' takes 'Paid', but no method"
        },
        {
            "FES0082",
            Totals(Identity + "public static Total? Evolve(Total? view, IOrderEvent e) => view;"),
            "'Totals' takes 'IOrderEvent', but no method"
        },
        { "FES0082", Totals("public static Total? Evolve(Total? view, IEvent e) => view;"), "'Totals' takes 'every event', but no method" },
        {
            "FES0083",
            Totals(Identity + Create + "public static Guid Identity(Paid e) => e.Id;"),
            "'Totals.Identity(Paid)' says which views 'Paid' concerns, but no method of 'Totals' takes it"
        },
        {
            "FES0083",
            Totals(Identity + Create + "public static Guid[] Identities(Paid e) => [e.Id];"),
            "but no method of 'Totals' takes it"
        },
        { "FES0001", Of("[Projection(\"Totals\")] public sealed partial class Totals"), "is not a valid name for projection 'Totals'" },
        {
            "FES0001",
            Of($"[Projection(\"{new string('a', 51)}\")] public sealed partial class Totals"),
            "is not a valid name for projection"
        },
        {
            "FES0003",
            Of("[Projection(\"t\")] public sealed partial class A") + Of("[Projection(\"t\")] public sealed partial class B"),
            "projection 't' is declared by both 'A' and 'B'"
        },
        { "FES0013", Of("[Projection] public sealed class Totals"), "'Totals'" },
        {
            "FES0014",
            Totals("public static string Identity(Placed e) => \"\";" + Create),
            "it must return 'System.Guid', which may be null"
        },
        { "FES0014", Totals("public static int[] Identities(Placed e) => [];" + Create), "it must return a sequence of 'System.Guid'" },
        { "FES0014", Totals("public static Guid Identity(Placed e, Total view) => e.Id;" + Create), "it must take exactly one event" },
        { "FES0014", Totals(Identity + "public static Total Create(Placed e, Total view) => view;"), "which does not exist yet" },
        { "FES0014", Totals(Identity + Create + "public static Total Apply(Placed e) => new(e.Id);"), "it must take the state once" },
        { "FES0014", Totals(Identity + Create + "public static int Apply(Placed e, Total view) => 1;"), "it must return 'Total'" },
        { "FES0014", Totals(Identity + Create + "public static int ShouldDelete(Placed e) => 1;"), "it must return bool" },
        {
            "FES0014",
            Totals(Identity + "public static Total? Evolve(Placed e) => null;"),
            "it must take the state once, which may be null"
        },
        {
            "FES0014",
            Totals(Identity + Create + "public static Total? Evolve(Total? view, Placed e) => view;"),
            "there are methods Create, Apply or ShouldDelete too"
        },
        {
            "FES0014",
            Totals(Identity + "public static async System.Threading.Tasks.Task<Total> Create(Placed e) => new(e.Id);"),
            "it is asynchronous"
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void It_is_refused_with_the_reason(string id, string source, string message)
    {
        var result = Sources.Run(Sources.Parse(Types + source), out _);
        var found = result.Diagnostics.Select(Sources.Describe).ToArray();
        found.ShouldContain(text => text.StartsWith(id, StringComparison.Ordinal) && text.Contains(message, StringComparison.Ordinal));
        result.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Id == id || diagnostic.Severity < DiagnosticSeverity.Error);
        result.GeneratedSources.ShouldNotContain(static file => file.HintName.Contains("TotalsDispatch", StringComparison.Ordinal));
    }

    /// <summary>A document that its own rules refuse is not reported again as a view, nor by the compiler in generated code.</summary>
    [Theory]
    [InlineData("FES0012", "[Document] public sealed record View(string Name);", "View, string")]
    [InlineData("FES0012", "[Document] public sealed record View(DateOnly Id);", "View, DateOnly")]
    [InlineData("FES0004", "[Document] public abstract record View(Guid Id);", "View")]
    [InlineData("FES0015", "[StreamId] public readonly partial record struct No(double Value);", "Total, No")]
    public void A_view_that_is_refused_as_a_document_is_reported_once(string id, string view, string arguments)
    {
        var names = arguments.Contains(',', StringComparison.Ordinal) ? arguments : arguments + ", Guid";
        var (kept, identity) = (names.Split(", ")[0], names.Split(", ")[1]);
        var source = Totals(
            $"public static {identity} Identity(Placed e) => default!; public static {kept} Create(Placed e) => null!;", names);
        var result = Sources.Run(Sources.Parse(Types + view + source), out var output);
        result.Diagnostics.Select(static diagnostic => diagnostic.Id).ShouldBe([id]);
        output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(static diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)
            .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(Sources.Describe)
            .ShouldBeEmpty();
    }

    private static string Of(string head) => $"{head} : MultiStreamProjection<Total, Guid> {{ {Identity} {Create} }}";

    private static string Lines(string members) => $"[Projection] public sealed partial class Lines : EventProjection {{ {members} }}";

    private static string Totals(string members, string arguments = "Total") =>
        "[Projection] public sealed partial class Totals : MultiStreamProjection<"
            + $"{(arguments.Contains(',', StringComparison.Ordinal) ? arguments : arguments + ", Guid")}> {{ {members} }}";
}
