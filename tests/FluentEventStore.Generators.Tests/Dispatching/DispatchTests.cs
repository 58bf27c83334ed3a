using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>Which method an event reaches, told by the compiled dispatch itself.</summary>
public sealed class DispatchTests
{
    internal const string Events = """
        public interface IChange;
        public interface INote : IChange { string Text { get; } }
        public abstract record Change(string Text);
        public record Grown(string Text) : Change(Text), INote;
        [Event] public sealed record Seeded(string Text) : Change(Text);
        [Event] public sealed record Watered(string Text) : Grown(Text);
        [Event] public sealed record Noted(string Text) : INote;
        [Event] public sealed record Moved : IChange;
        [Event] public readonly record struct Counted(string Text) : INote;
        [Event] public readonly record struct Ticked(int Ticks);
        [Event] public sealed record Stray;

        internal static class Given
        {
            public static readonly object[] All =
                [new Seeded("s"), new Watered("w"), new Noted("n"), new Moved(), new Counted("c"), new Ticked(1), new Stray()];

            /// <summary>What the dispatch gets from the store: the events as their catalog records them.</summary>
            public static List<IEvent> Events()
            {
                var recorder = new Recording();
                recorder.Fold(All);
                return recorder.Events;
            }

            private sealed class Recording : IDecider<int>
            {
                public List<IEvent> Events { get; } = [];
                public int Initial => 0;
                public System.Threading.Tasks.ValueTask<IEnumerable<object>> DecideAsync(
                    object command, int state, System.Threading.CancellationToken cancellationToken) =>
                    default;
                public int Evolve(int state, IEvent e) { Events.Add(e); return state; }
            }
        }

        """;

    [Fact]
    public void The_method_for_the_most_derived_type_is_called_and_a_class_before_an_interface() => Handled("""
            void Handle(IChange e) => Seen("IChange");
            void Handle(INote e) => Seen("INote");
            void Handle(Change e) => Seen("Change");
            void Handle(Grown e) => Seen("Grown");
            void Handle(Counted e) => Seen("Counted");
        """).ShouldBe("Seeded>Change Watered>Grown Noted>INote Moved>IChange Counted>Counted");

    [Fact]
    public void Every_event_is_taken_as_IEvent_where_no_other_method_fits() => Handled("""
            void Handle(IEvent e) => Seen("IEvent " + e.Version);
            void Handle(IEvent<Change> e, IEvent any, EventMetadata metadata) => Seen($"{e.Data.Text}{any.TypeName}{metadata.TypeVersion}");
        """).ShouldBe("Seeded>sseeded1 Watered>wwatered1 Noted>IEvent 3 Moved>IEvent 4 Counted>IEvent 5 Ticked>IEvent 6 Stray>IEvent 7");

    [Fact]
    public void The_event_of_a_struct_is_taken_as_that_of_its_interface_too() => Handled("""
            void Handle(IEvent<INote> e) => Seen(e.Data.Text + e.TypeName + e.Version);
        """).ShouldBe("Watered>wwatered2 Noted>nnoted3 Counted>ccounted5");

    [Fact]
    public void Parameters_may_have_any_order_and_methods_may_be_asynchronous_or_static() => Handled("""
            private async System.Threading.Tasks.Task HandleAsync(
                System.Threading.CancellationToken token, EventMetadata metadata, Seeded e)
            {
                await System.Threading.Tasks.Task.Yield();
                Seen(e.Text + metadata.Version + token.CanBeCanceled);
            }
            private static System.Threading.Tasks.ValueTask Handle(IQuerySession session, in Watered e, IDocumentOperations operations)
            {
                Seen(e.Text + (session is null) + (operations is null));
                return default;
            }
            public void Handle(IDocumentSession session, IEvent<Ticked> e) => Seen(e.Data.Ticks.ToString() + (session is null));
        """).ShouldBe("Seeded>s1True Watered>wTrueTrue Ticked>1True");

    [Fact]
    public void A_handler_names_the_types_that_cover_all_that_it_takes() => Types("""
            void Handle(INote e) { }
            void Handle(Noted e) { }
            void Handle(Watered e) { }
            void Handle(Counted e) { }
            void Handle(Ticked e) { }
        """).ShouldBe("INote,Ticked");

    [Fact]
    public void A_handler_of_every_event_names_object() => Types("void Handle(IEvent e) { } void Handle(Noted e) { }").ShouldBe("Object");

    [Fact]
    public void A_handler_takes_what_its_base_class_takes() => Probe.Run(Events + """
        public abstract class Base
        {
            protected string Last = "";
            protected virtual void Handle(Change e) => Last = "base";
            protected void Handle(Noted e) => Last = "noted";
        }
        [EventHandler] public sealed partial class Derived : Base
        {
            protected override void Handle(Change e) => Last = "derived";
            public string Say(IEvent e) { ((IEventHandler)this).HandleAsync(e, null!); return Last; }
        }
        public static class Test
        {
            public static string Run() => string.Join(" ", Given.Events().Take(3).Select(new Derived().Say));
        }
        """).ShouldBe("derived derived noted");

    [Fact]
    public void Create_and_Apply_and_ShouldDelete_are_found_each_by_itself() => Folded("""
        public sealed partial record Plant(string Log)
        {
            public static Plant Create(Seeded e) => new(e.Text);
            public static Plant Create(IChange e) => new("changed");
            public Plant Apply(Change e) => this with { Log = Log + "+" + e.Text };
            public Plant Apply(IEvent<INote> e, EventMetadata metadata) =>
                this with { Log = Log + "+note " + e.Data.Text + metadata.Version };
            public bool ShouldDelete(IChange e) => e is Moved;
        }
        """).ShouldBe("Seeded>s Watered>s+w Noted>s+w+note n3 Moved> Counted>changed Ticked>changed Stray>changed");

    [Fact]
    public void An_aggregate_begins_with_an_event_of_a_base_type_that_it_applies() => Folded("""
        public sealed partial class Plant
        {
            public string Log { get; private set; } = "";
            private void Apply(INote e) => Log += e.Text;
            private void Apply(Ticked e, IEvent any) => Log += any.TypeName;
        }
        """).ShouldBe("Seeded> Watered>w Noted>wn Moved>wn Counted>wnc Ticked>wncticked Stray>wncticked");

    [Fact]
    public void An_aggregate_counts_every_event() => Folded("""
        public sealed partial record Plant(int Count)
        {
            public static Plant Create(IEvent e) => new(1);
            public static Plant Apply(Plant plant, IEvent e) => new(plant.Count + 1);
            public string Log => Count.ToString();
        }
        """).ShouldBe("Seeded>1 Watered>2 Noted>3 Moved>4 Counted>5 Ticked>6 Stray>7");

    [Fact]
    public void Closed_types_of_a_generic_event_that_a_handler_or_decider_takes_are_events() => Probe.Run("""
        [Event] public sealed record Changed<T>(T Value);
        [EventHandler] public sealed partial class Log { private void Handle(Changed<int> e) { } }
        [Decider] public static partial class Texts
        {
            private static string Initial => "";
            private static Changed<string> Decide(int command) => new(command.ToString());
            private static string Evolve(string state, Changed<string> e) => state + e.Value;
            public static string Fold() => Decider.Fold(new Changed<string>("a"), new Changed<int>(1), new Changed<string>("b"));
        }
        public static class Test
        {
            public static string Run() => Texts.Fold() + ((IEventHandler)new Log()).EventTypes[0].GenericTypeArguments[0].Name;
        }
        """).ShouldBe("abInt32");

    [Fact]
    public void Types_and_parameters_may_be_named_as_one_likes() => Probe.Run("""
        public static partial class @class
        {
            [Event] public sealed record @event(int data);
            [EventHandler] internal sealed partial record session(List<int> typed, int data)
            {
                private void Handle(IEvent @event, EventMetadata session, IEvent<@event> data) => typed.Add(data.Data.data + this.data);
            }
            [Decider] public sealed partial class state
            {
                public int Initial => 1;
                private IEnumerable<@event> Decide(string command, int state) => [new(state)];
                private int Evolve(int @event, @event state) => @event + state.data;
            }
        }
        public static class Test
        {
            public static string Run()
            {
                IDecider<int> decider = new @class.state();
                var decided = decider.DecideAsync("", decider.Fold(new @class.@event(4))).AsTask().Result.Single();
                var seen = new List<int>();
                new Handing(new @class.session(seen, 10)).Fold(decided);
                return string.Join(",", seen);
            }

            private sealed class Handing(IEventHandler handler) : IDecider<int>
            {
                public int Initial => 0;
                public System.Threading.Tasks.ValueTask<IEnumerable<object>> DecideAsync(
                    object command, int state, System.Threading.CancellationToken cancellationToken) =>
                    default;
                public int Evolve(int state, IEvent e) { handler.HandleAsync(e, null!); return state; }
            }
        }
        """).ShouldBe("15");

    private static string Handled(string methods) => Probe.Run(Events + $$"""
        [EventHandler] public sealed partial class Recorder
        {
            private static string? _seen;
            private static void Seen(string what) => _seen = what;
        {{methods}}
            public static string? Last(IEvent e)
            {
                _seen = null;
                ((IEventHandler)new Recorder()).HandleAsync(e, null!, new System.Threading.CancellationTokenSource().Token).AsTask().Wait();
                return _seen;
            }
        }
        public static class Test
        {
            public static string Run() =>
                string.Join(
                    " ",
                    Given.Events()
                        .Select(e => (e.Data.GetType().Name, Seen: Recorder.Last(e)))
                        .Where(e => e.Seen is not null)
                        .Select(e => $"{e.Name}>{e.Seen}"));
        }
        """);

    private static string Types(string methods) => Probe.Run(Events + $$"""
        [EventHandler] public sealed partial class Recorder { {{methods}} }
        public static class Test
        {
            public static string Run() => string.Join(",", ((IEventHandler)new Recorder()).EventTypes.Select(type => type.Name));
        }
        """);

    private static string Folded(string aggregate) => Probe.Run(Events + "[Aggregate] " + aggregate + """

        public static class Test
        {
            public static string Run()
            {
                Plant? plant = null;
                var log = new List<string>();
                foreach (var e in Given.Events())
                {
                    plant = Plant.GeneratedDispatch.Fold(plant, e);
                    log.Add($"{e.Data.GetType().Name}>{plant?.Log}");
                }

                return string.Join(" ", log);
            }
        }
        """);
}
