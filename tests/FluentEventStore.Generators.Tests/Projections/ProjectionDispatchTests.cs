using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>Which views an event concerns and what becomes of them, told by the compiled dispatch itself.</summary>
public sealed class ProjectionDispatchTests
{
    private const string Shop = DispatchTests.Events + """
        internal static class Views
        {
            public static string Of<TProjection, TView, TDispatch>(TProjection projection, params object[] given)
                where TProjection : FluentEventStore.Projections.Projection
                where TView : class
                where TDispatch : struct, FluentEventStore.Projections.IViewDispatch<TProjection, TView>
            {
                var all = typeof(FluentEventStore.Projections.ViewIds).GetProperty(
                    "All", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
                var views = new SortedDictionary<string, TView?>(StringComparer.Ordinal);
                foreach (var e in Given.Events().Where(e => given.Length == 0 || given.Contains(e.Data.GetType())))
                {
                    var ids = new FluentEventStore.Projections.ViewIds();
                    TDispatch.Identify(projection, e, ids);
                    foreach (var id in (System.Collections.IEnumerable)all.GetValue(ids)!)
                    {
                        views.TryGetValue(id.ToString()!, out var view);
                        views[id.ToString()!] = TDispatch.Fold(projection, view, e);
                    }
                }

                return string.Join(" ", views.Select(view => view.Key + "=" + (view.Value?.ToString() ?? "gone")));
            }
        }

        """;

    private const string View = """
        [Document] public sealed class View
        {
            public string Id { get; init; } = "";
            public string Seen { get; set; } = "";
            public override string ToString() => Seen;
        }

        """;

    [Fact]
    public void Methods_are_static_or_not_and_take_events_in_every_shape() => Run("""
            private static string Identity(Seeded e) => e.Text;
            private string? Identity(IEvent<Watered> e, EventMetadata metadata) => e.Data.Text + metadata.Version + suffix;
            public static string Identity(INote e) => "note";
            internal static string Identity(IEvent<Ticked> e) => "tick" + e.Data.Ticks;
            public static string Identity(IEvent e) => e.TypeName;
            private static View Create(Seeded e) => new() { Seen = "seeded" };
            private void Apply(View view, IEvent<Watered> e) => view.Seen += e.Data.Text + suffix;
            public static View Apply(INote e, View view, EventMetadata metadata) => new() { Seen = view.Seen + e.Text + metadata.Version };
            public static View Apply(View view, IEvent e) => new() { Seen = view.Seen + e.TypeName };
        """).ShouldBe("moved=moved note=n3c5 s=seeded stray=stray tick1=ticked w2!=w!");

    [Fact]
    public void An_identity_that_is_null_concerns_no_view() => Run("""
            public static string? Identity(IChange e) => e is Moved ? null : "one";
            public static void Apply(IChange e, View view) => view.Seen += e.GetType().Name;
        """).ShouldBe("one=WateredNotedCounted");

    [Fact]
    public void Identities_name_several_views_each_once_beside_an_identity() => Run("""
            public static string Identity(Seeded e) => "a";
            public static string[] Identities(Seeded e) => ["a", "b", "b"];
            public IEnumerable<string> Identities(IEvent<Watered> e) { yield return e.Data.Text; yield return suffix; }
            public static List<string> Identities(Counted e) => [];
            public static ImmutableArray<string> Identities(Ticked e) => ["t"];
            public static void Apply(IEvent e, View view) => view.Seen += e.TypeName;
        """).ShouldBe("!=watered a=seeded b=seeded t=ticked w=watered");

    [Fact]
    public void A_view_ends_and_begins_again() => Run("""
            public static string Identity(IEvent e) => "one";
            public static View Create(Seeded e) => new() { Seen = "seeded" };
            public static View Create(Noted e) => new() { Seen = "noted" };
            public static bool ShouldDelete(Watered e, View view) => view.Seen == "seeded";
            public static bool ShouldDelete(Ticked e) => true;
        """, "typeof(Seeded)", "typeof(Watered)", "typeof(Noted)").ShouldBe("one=noted");

    [Fact]
    public void Evolve_makes_changes_and_ends_views() => Run("""
            public static string Identity(Seeded e) => "kept";
            public static string Identity(Change e) => "ended";
            public static string Identity(Counted e) => "kept";
            public View? Evolve(View? view, Change e) => view is null && e.Text == "s" ? new() { Seen = "new" } : null;
            private static View? Evolve(IEvent<Counted> e, View? view, EventMetadata metadata) =>
                new() { Seen = view?.Seen + e.Data.Text + metadata.Version };
        """).ShouldBe("ended=gone kept=newc5");

    [Theory]
    [InlineData("Guid", "Guid.Empty", "00000000-0000-0000-0000-000000000000")]
    [InlineData("int", "int.MaxValue", "2147483647")]
    [InlineData("long", "long.MaxValue", "9223372036854775807")]
    [InlineData("string", "\"a/b\"", "a/b")]
    [InlineData("Typed", "new(7)", "7")]
    [InlineData("Named", "new(\"n\")", "n")]
    public void Ids_are_of_every_kind_and_may_be_none(string type, string id, string text) => Probe.Run(Shop + $$"""
        [StreamId] public readonly partial record struct Typed(long Value);
        [StreamId] public readonly partial record struct Named(string Value);
        [Document] public sealed record View({{type}} Id, string Seen) { public override string ToString() => Seen; }
        [Projection] public sealed partial class Viewing : MultiStreamProjection<View, {{type}}>
        {
            public static {{type}} Identity(Seeded e) => {{id}};
            public static {{type}}? Identity(Watered e) => null;
            public static {{type}}? Identity(Ticked e) => {{id}};
            public static IEnumerable<{{type}}> Identities(Counted e) => [{{id}}, {{id}}];
            public static View Create(IEvent e) => new({{id}}, e.TypeName);
            public static View Apply(View view, IEvent e) => view with { Seen = view.Seen + "+" + e.TypeName };
        }
        public static class Test
        {
            public static string Run() => Views.Of<Viewing, View, Viewing.GeneratedDispatch>(new Viewing());
        }
        """).ShouldBe($"{text}=seeded+counted+ticked");

    [Fact]
    public void Methods_of_base_types_and_virtual_ones_are_called() => Probe.Run(Shop + View + """
        public abstract class Viewing<TView> : MultiStreamProjection<TView, string> where TView : class
        {
            protected static string Identity(Change e) => "change";
            public virtual string? Identity(INote e) => "note";
        }
        [Projection] public sealed partial class Own : Viewing<View>
        {
            public override string Identity(INote e) => "own";
            public static void Apply(View view, IEvent e) => view.Seen += e.TypeName;
        }
        public static class Test { public static string Run() => Views.Of<Own, View, Own.GeneratedDispatch>(new Own()); }
        """).ShouldBe("change=seededwatered own=notedcounted");

    [Fact]
    public void A_projection_is_nested_and_keeps_a_view_that_is_nested_elsewhere() => Probe.Run(Shop + """
        public static class Models
        {
            [Document("nested")] internal sealed record View(int Id);
        }
        public static partial class Outer
        {
            internal partial record struct Inner
            {
                [Projection("@class")] internal sealed partial class @class : MultiStreamProjection<Models.View, int>
                {
                    private static int Identity(Ticked e) => e.Ticks;
                    private static Models.View Create(Ticked @event) => new(@event.Ticks);
                }
            }
        }
        public static class Test
        {
            public static string Run() =>
                Views.Of<Outer.Inner.@class, Models.View, Outer.Inner.@class.GeneratedDispatch>(new());
        }
        """.Replace("\"@class\"", "\"class\"", StringComparison.Ordinal)).ShouldBe("1=View { Id = 1 }");

    [Theory]
    [InlineData("IEvent e", "Identity(IEvent e)", "Object")]
    [InlineData("Change e", "Identity(Change e)", "Change")]
    [InlineData("IEvent e", "Identity(Seeded e)", "Seeded")]
    [InlineData("Seeded e", "Identity(IEvent e)", "Seeded")]
    [InlineData("Seeded e", "Identity(Change e)", "Seeded")]
    public void Only_events_that_concern_views_are_asked_for(string taken, string identity, string types) => Probe.Run(Shop + View + $$"""
        [Projection] public sealed partial class Viewing : MultiStreamProjection<View, string>
        {
            public static string {{identity}} => "one";
            public static void Apply(View view, {{taken}}) => view.Seen += "x";
        }
        public static class Test
        {
            public static string Run() => Types<Viewing.GeneratedDispatch>();
            private static string Types<T>() where T : struct, FluentEventStore.Projections.IViewDispatch<Viewing, View> =>
                string.Join(" ", T.EventTypes.Select(static type => type.Name));
        }
        """).ShouldBe(types);

    [Theory]
    [InlineData(NullableContextOptions.Enable)]
    [InlineData(NullableContextOptions.Disable)]
    public void An_aggregate_is_folded_by_Evolve(NullableContextOptions nullable) => Probe.Run("""
        [Event] public sealed record Opened(string Owner);
        [Event] public sealed record Renamed(string Owner);
        [Event] public sealed record Closed;
        [Aggregate] public sealed partial class Account
        {
            public string Id { get; init; } = "";
            public string Owner { get; init; } = "";
            private static Account Evolve(Account~ state, Opened e) => state ?? new() { Owner = e.Owner };
            internal static Account Evolve(IEvent<Renamed> e, Account~ state, EventMetadata metadata) =>
                new() { Owner = e.Data.Owner + metadata.Version };
            public static Account~ Evolve(Closed e, Account~ state) => null;
        }
        [Decider] public sealed partial class Accounts
        {
            private object[] Decide(Account~ account, string command) => [new Opened(account is null ? "none" : account.Owner)];
        }
        public static class Test
        {
            public static string Run() => Owner(new Opened("Ada"), new Renamed("Bob")) + " "
                + Owner(new Opened("Ada"), new Closed()) + " " + Owner(new Closed(), new Opened("Eve"));
            private static string Owner(params object[] given)
            {
                IDecider<Account~> decider = new Accounts();
                return ((Opened)decider.DecideAsync("", decider.Fold(given)).AsTask().Result.Single()).Owner;
            }
        }
        """.Replace("~", nullable == NullableContextOptions.Enable ? "?" : "", StringComparison.Ordinal), nullable)
            .ShouldBe("Bob2 none Eve");

    private static string Run(string members, params string[] types) => Probe.Run(Shop + View + $$"""
        [Projection] public sealed partial class Viewing(string suffix) : MultiStreamProjection<View, string>
        {
            public string Suffix => suffix;
        {{members}}
        }
        public static class Test
        {
            public static string Run() =>
                Views.Of<Viewing, View, Viewing.GeneratedDispatch>(new Viewing("!"), [{{string.Join(", ", types)}}]);
        }
        """);
}
