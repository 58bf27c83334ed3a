using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class DocumentAnalyzerTests
{
    public static TheoryData<string, string> Bad => new()
    {
        {
            "session.Store(new Placed(1));",
            "FES0051 at session.Store(new Placed(1)): 'Placed' is not a document: it is an event; append it with session.Events"
        },
        {
            "session.Insert<Open>(new Open());",
            "FES0051 at session.Insert<Open>(new Open()): 'Open' is not a document: it is an event; append it with session.Events"
        },
        {
            "await session.LoadAsync<Placed>(1);",
            "FES0051 at session.LoadAsync<Placed>(1): 'Placed' is not a document: it is an event; append it with session.Events"
        },
        {
            "await session.LoadManyAsync<Other>(new[] { 1 });",
            "FES0051 at session.LoadManyAsync<Other>(new[] { 1 }): 'Other' is not a document: it is not marked with [Document]"
        },
        {
            "await session.LoadManyAsync<Other>(new[] { new ThingId(1) });",
            "FES0051 at session.LoadManyAsync<Other>(new[] { new ThingId(1) }): 'Other' is not a document: it is not marked with [Document]"
        },
        {
            "await session.LoadManyJsonAsync<Other>(new[] { new ThingId(1) });",
            "FES0051 at session.LoadManyJsonAsync<Other>(new[] { new ThingId(1) }): 'Other' is not a document: it is not marked with "
                + "[Document]"
        },
        {
            "await session.LoadAsync<object>(1);",
            "FES0051 at session.LoadAsync<object>(1): 'object' is not a document: it is not marked with [Document]"
        },
        { "session.Delete<Other>(1);", "FES0051 at session.Delete<Other>(1): 'Other' is not a document: it is not marked with [Document]" },
        { "session.Store(\"text\");", "FES0051 at session.Store(\"text\"): 'string' is not a document: it is not marked with [Document]" },
        {
            "session.Store(new Other());",
            "FES0051 at session.Store(new Other()): 'Other' is not a document: it is not marked with [Document]"
        },
        {
            "session.Store(new List<Customer>());",
            "FES0051 at session.Store(new List<Customer>()): 'System.Collections.Generic.List<Customer>' is not a document: it "
                + "holds documents; name their type, as in Store<Customer>"
        },
        {
            "session.Update(new Order(default));",
            "FES0051 at session.Update(new Order(default)): 'Order' is not a document: it is an aggregate; append its events"
        },
        {
            "await session.LoadAsync<Idless>(1);",
            "FES0051 at session.LoadAsync<Idless>(1): 'Idless' is not a document: it has no public property 'Id' of a type that documents "
                + "can have"
        },
        {
            "options.Projections.Snapshot<Customer>(ProjectionLifecycle.Inline);",
            "FES0051 at options.Projections.Snapshot<Customer>(ProjectionLifecycle.Inline): 'Customer' is not an aggregate: it is not "
                + "marked with [Aggregate]"
        },
        {
            "options.Projections.SnapshotLive<Idless>();",
            "FES0051 at options.Projections.SnapshotLive<Idless>(): 'Idless' is not a document: it has no public property 'Id' of a type "
                + "that documents can have"
        },
        {
            "options.Projections.Snapshot<Cart>(ProjectionLifecycle.Inline);",
            "FES0050 at options.Projections.Snapshot<Cart>(ProjectionLifecycle.Inline): 'Cart' is stored without 'Cart._lines', "
                + "'Cart.Total', and would be different when it is read back: make them public properties, mark them with [JsonInclude], "
                + "or ignore them with [JsonIgnore]"
        },
        {
            "options.Projections.SnapshotLive<Cart>(every: 10);",
            "FES0050 at options.Projections.SnapshotLive<Cart>(every: 10): 'Cart' is stored without 'Cart._lines', 'Cart.Total', and "
                + "would be different when it is read back: make them public properties, mark them with [JsonInclude], or ignore them with "
                + "[JsonIgnore]"
        },
    };

    public static TheoryData<string> Good =>
    [
        "session.Store(new Customer(default)); session.Store<Customer>(new List<Customer>()); session.Delete<Customer>(1);",
        "await session.LoadManyAsync<Customer>(new List<ThingId>()); await session.LoadManyAsync<Customer>(new List<int>());",
        "await session.LoadManyJsonAsync<Customer>(new List<ThingId>()); await session.LoadVersionedAsync<Customer>(1);",
        "await session.LoadAsync<Order>(1); await session.LoadAsync<Customer>(1);",
        "object any = new Customer(default); session.Store(any); IThing thing = new Customer(default); session.Update(thing);",
        "IThing thing = new Customer(default); session.Update(thing, new StoredVersion(1, 2, 0)); session.Delete<Customer>(1, 2);",
        "Keep<Cart>(session);",
        "options.Projections.Snapshot<Order>(ProjectionLifecycle.Inline); options.Projections.SnapshotLive<Order>();",
        "options.Projections.Add<Names>(ProjectionLifecycle.Inline);",
        "options.Projections.Add<Names>(ProjectionLifecycle.Async, static names => names.Concurrency(1));",
        "await session.Events.AggregateStreamAsync<Cart>(\"x\");",
    ];

    private const string Declared = """
        public interface IThing;
        [Event("placed")] public sealed record Placed(int A);
        [Event("open")] public class Open;
        public class Other;
        [StreamId] public readonly partial record struct ThingId(int Value);
        [Document] public record Customer(Guid Id) : IThing;
        [Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(default(Guid)); }
        [Projection] public sealed partial class Names : MultiStreamProjection<Customer, Guid>
        {
            public static Guid Identity(Placed e) => default;
            public static Customer Create(Placed e) => new(default(Guid));
        }
        [Aggregate] public sealed partial class Idless { public void Apply(Placed e) { } }

        """;

    private const string Cart = """
        [Aggregate] public sealed partial class Cart
        {
            private readonly List<int> _lines = [];
            [JsonIgnore] private readonly object _gate = new();
            public Guid Id { get; init; }
            internal int Total { get; private set; }
            public void Apply(Placed e) { lock (_gate) _lines.Add(Total++); }
        }

        """;

    [Theory, MemberData(nameof(Bad))]
    public async Task What_cannot_be_a_document_or_would_be_kept_only_in_part_is_an_error(string code, string diagnostic) =>
        (await RunAsync(code)).Where(static found => found.Id != "FES0049").Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task What_is_or_might_be_a_document_is_not_reported(string code) =>
        (await RunAsync(code)).Where(static found => found.Id != "FES0049").Select(Analysis.Describe).ShouldBeEmpty();

    [Fact]
    public async Task State_of_an_aggregate_that_no_snapshot_would_hold_is_a_warning_at_each_member() =>
        (await RunAsync("")).Select(Analysis.Describe).ShouldBe(
    [
        "FES0049 at _lines: 'Cart._lines' is not stored when 'Cart' is kept as a snapshot: make it a public property, mark it with "
            + "[JsonInclude], or ignore it with [JsonIgnore]",
        "FES0049 at Total: 'Cart.Total' is not stored when 'Cart' is kept as a snapshot: make it a public property, mark it with "
            + "[JsonInclude], or ignore it with [JsonIgnore]",
    ]);

    [Fact]
    public async Task State_of_a_base_type_counts_but_an_aggregate_without_an_id_may_keep_any_state() => (await Analysis.RunAsync("""
        [Event("placed")] public sealed record Placed(int A);
        public abstract class Base { protected int Count; public int Next() => Count++; }
        [Aggregate] public sealed partial class Cart : Base { public Guid Id { get; init; } public void Apply(Placed e) => Count++; }
        [Aggregate] public sealed partial class Live : Base { public void Apply(Placed e) => Count++; }
        """))
        .Select(Analysis.Describe)
        .ShouldHaveSingleItem()
        .ShouldStartWith("FES0049 at Count: 'Base.Count' is not stored when 'Cart' is kept");

    [Fact]
    public async Task A_parameter_that_an_aggregate_keeps_is_reported() => (await Analysis.RunAsync("""
        [Event("placed")] public sealed record Placed;
        [Aggregate("cart")] public sealed partial class Cart(int step)
        {
            public Cart() : this(1) { }
            public Guid Id { get; set; }
            public int Count { get; set; }
            public void Apply(Placed e) => Count += step;
        }
        """))
        .Select(Analysis.Describe)
        .ShouldHaveSingleItem()
        .ShouldStartWith("FES0049 at Cart: 'Cart.step' is not stored when 'Cart' is kept");

    [Fact]
    public async Task The_snapshot_of_an_aggregate_of_another_assembly_is_an_error_too()
    {
        Sources.Run(Sources.Parse(Declared + Cart, assemblyName: "Carts"), out var carts);
        var found = await Analysis.RunAsync(
            "public static class Set { public static void Up(EventStoreOptions options) => "
                + "options.Projections.Snapshot<Cart>(ProjectionLifecycle.Inline); }",
            references: [MetadataReference.CreateFromImage(LoadedCase.Emit(carts))]);
        found.ShouldHaveSingleItem().Id.ShouldBe("FES0050");
    }

    [Theory]
    [InlineData(
        "[Document] public class Cart { public Guid Id { get; init; } private readonly List<int> _lines = []; }",
        "FES0011",
        "[Document] public class Cart { public Guid Id { get; init; }\n    [JsonInclude] private List<int> _lines = []; }",
        "[Document] public class Cart { public Guid Id { get; init; }\n    [JsonIgnore] private readonly List<int> _lines = []; }")]
    [InlineData(
        "[Event] public record Placed(int A) { internal int B { get; } = 1; }",
        "FES0011",
        "[Event] public record Placed(int A) { [JsonInclude] internal int B { get; init; } = 1; }",
        "[Event] public record Placed(int A) { [JsonIgnore] internal int B { get; } = 1; }")]
    [InlineData(
        "[Event] public record Placed; [Aggregate] public partial class Cart { public Guid Id { get; init; } private int _count; public "
            + "void Apply(Placed e) => _count++; }",
        "FES0049",
        "[JsonInclude] private int _count;",
        "[JsonIgnore] private int _count;")]
    public async Task A_fix_stores_the_member_and_another_leaves_it_out(string source, string id, string stored, string left)
    {
        (await Fixes.OfferAsync(source, id)).ShouldBe(["Leave it out of what is stored", "Store it"], ignoreOrder: true);
        Flat(await Fixes.ApplyAsync(source, id, title: "Store it")).ShouldContain(Flat(stored));
        Flat(await Fixes.ApplyAsync(source, id, title: "Leave it out of what is stored")).ShouldContain(Flat(left));
    }

    [Fact]
    public async Task No_fix_is_offered_where_several_fields_are_declared_at_once() =>
        (await Fixes.OfferAsync("[Event] public record Placed(int A) { private int _b, _c; }", "FES0011")).ShouldBeEmpty();

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Task<Diagnostic[]> RunAsync(string code) => Analysis.RunAsync(Declared + Cart + $$"""
        public static class Use
        {
            public static async System.Threading.Tasks.Task RunAsync(IDocumentSession session, EventStoreOptions options)
            {
                {{code}}
                await session.SaveChangesAsync();
            }

            private static void Keep<T>(IDocumentSession session) where T : class => session.Delete<T>(1);
        }
        """);
}
