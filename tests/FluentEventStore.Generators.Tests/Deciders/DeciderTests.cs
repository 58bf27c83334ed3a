using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>Deciders as programs use them without a store: given events, when a command comes, then events follow.</summary>
public sealed class DeciderTests
{
    private const string Cart = """
        public abstract record CartEvent;
        [Event] public sealed record ItemAdded(string Product, int Quantity) : CartEvent;
        [Event] public sealed record CheckedOut : CartEvent;
        [Event] public readonly record struct Looked(int Times);
        [Event] public sealed record Stray;

        public abstract record CartCommand;
        public sealed record AddItem(string Product, int Quantity) : CartCommand;
        public record CheckOut : CartCommand;
        public sealed record Pay : CheckOut;
        public readonly record struct Look(int Times);

        [Decider] public static partial class Cart
        {
            private readonly record struct State(int Items, bool IsCheckedOut);
            private static readonly State Initial = default;
            private static ItemAdded? Decide(AddItem c, State state) => state.IsCheckedOut ? null : new(c.Product, c.Quantity);
            private static CartEvent[] Decide(State state, CheckOut c) =>
                state is { Items: > 0, IsCheckedOut: false } ? [new CheckedOut()] : [];
            private static object[] Decide(CartCommand c) => throw new NotSupportedException(c.GetType().Name);
            private static async System.Threading.Tasks.ValueTask<IReadOnlyList<object>> DecideAsync(
                Look c, System.Threading.CancellationToken token)
            {
                await System.Threading.Tasks.Task.Yield();
                return [new Looked(c.Times), new Looked(token.CanBeCanceled ? 1 : 0)];
            }
            private static State Evolve(State state, ItemAdded e) => state with { Items = state.Items + e.Quantity };
            private static State Evolve(CartEvent e, EventMetadata metadata, State state) =>
                state with { IsCheckedOut = metadata.Version > 1 };
            private static State Evolve(IEvent<Looked> e, State state) => state with { Items = state.Items + e.Data.Times };

            public static string When(object command, params object[] given)
            {
                try
                {
                    return string.Join(", ", Decider.DecideAsync(command, Decider.Fold(given)).AsTask().Result);
                }
                catch (Exception refused)
                {
                    return refused.GetType().Name + ": " + refused.Message;
                }
            }

            public static string Fold(params object[] given) => Decider.Fold(given.AsEnumerable()).ToString();
        }

        """;

    [Theory]
    [InlineData("Cart.When(new AddItem(\"apple\", 2))", "ItemAdded { Product = apple, Quantity = 2 }")]
    [InlineData("Cart.When(new AddItem(\"apple\", 2), new ItemAdded(\"apple\", 1), new CheckedOut())", "")]
    [InlineData("Cart.When(new CheckOut(), new ItemAdded(\"apple\", 1))", "CheckedOut { }")]
    [InlineData("Cart.When(new CheckOut())", "")]
    [InlineData("Cart.When(new Pay(), new Looked(1))", "CheckedOut { }")]
    [InlineData("Cart.When(new Look(7))", "Looked { Times = 7 }, Looked { Times = 0 }")]
    public void A_command_leads_to_the_events_that_its_method_returns(string call, string events) => Run(call).ShouldBe(events);

    [Fact]
    public void A_command_without_a_method_is_a_wrong_argument_that_names_its_type() =>
        Run("Cart.When(\"check out\")").ShouldBe(
            "ArgumentException: Cart does not decide commands of type System.String: give it a method Decide for them. "
                + "(Parameter 'command')");

    [Fact]
    public void No_command_is_a_wrong_argument() => Run("Cart.When(null!)").ShouldStartWith("ArgumentNullException");

    [Fact]
    public void An_event_without_a_method_keeps_the_state() =>
        Run("Cart.Fold(new Looked(1), new Stray())").ShouldBe("State { Items = 1, IsCheckedOut = False }");

    [Theory]
    [InlineData(
        "Cart.When(new Pay(), new Stray(), \"no event\")",
        "ArgumentException: Event 1 is not an event: System.String is not registered as an event: is it marked with [Event], and does its "
            + "project reference the generator?")]
    [InlineData("Cart.When(new Pay(), null!, null!)", "ArgumentException: Event 0 is null.")]
    public void What_is_given_must_be_events(string call, string message) => Run(call).ShouldStartWith(message);

    [Theory]
    [InlineData("Looked?", "new Looked(1)", "Looked { Times = 1 }")]
    [InlineData("Looked?", "null", "")]
    [InlineData(
        "IEnumerable<Looked>", "new[] { new Looked(1), new Looked(2) }.Where(static looked => looked.Times > 1)", "Looked { Times = 2 }")]
    [InlineData("List<Looked>", "[new(1), new(2)]", "Looked { Times = 1 }, Looked { Times = 2 }")]
    [InlineData("Looked[]", "[new(1)]", "Looked { Times = 1 }")]
    [InlineData("ImmutableArray<Looked>", "[new(1)]", "Looked { Times = 1 }")]
    [InlineData("IReadOnlyList<Looked>?", "null", "")]
    [InlineData("ImmutableArray<Looked>?", "null", "")]
    [InlineData(
        "System.Threading.Tasks.Task<ImmutableArray<Looked>?>",
        "System.Threading.Tasks.Task.FromResult<ImmutableArray<Looked>?>([new(1)])",
        "Looked { Times = 1 }")]
    [InlineData("System.Threading.Tasks.ValueTask<ImmutableArray<object>?>", "new((ImmutableArray<object>?)null)", "")]
    [InlineData("System.Threading.Tasks.Task<Looked?>", "System.Threading.Tasks.Task.FromResult<Looked?>(null)", "")]
    [InlineData(
        "System.Threading.Tasks.Task<Looked[]>", "System.Threading.Tasks.Task.FromResult(new[] { new Looked(1) })", "Looked { Times = 1 }")]
    [InlineData("System.Threading.Tasks.ValueTask<IReadOnlyList<Looked>>", "new([new(1)])", "Looked { Times = 1 }")]
    public void A_command_leads_to_events_that_are_structs_and_to_none(string returned, string decided, string events) => Probe.Run($$"""
        [Event] public readonly record struct Looked(int Times);
        [Decider] public static partial class Watching
        {
            public static int Initial => 0;
            private static {{returned}} Decide(string command) => {{decided}};
            private static int Evolve(int state, Looked e) => state + e.Times;
        }
        public static class Test { public static string Run() => string.Join(", ", Watching.Decider.DecideAsync("", 0).AsTask().Result); }
        """).ShouldBe(events);

    [Fact]
    public void A_decider_over_an_aggregate_is_folded_by_the_aggregate() => Probe.Run("""
        [Event] public sealed record Opened(string Owner);
        [Event] public sealed record Closed(string Owner);
        public sealed record Close;
        [Aggregate] public sealed partial record Account(string Owner)
        {
            public static Account Create(Opened e) => new(e.Owner);
            public static bool ShouldDelete(Closed e) => true;
        }
        [Decider] internal sealed partial class Accounts(string suffix)
        {
            private Closed? Decide(Account? account, Close c) => account is null ? null : new(account.Owner + suffix);
        }
        public static class Test
        {
            public static string Run()
            {
                IDecider<Account?> decider = new Accounts("!");
                var decided = decider.DecideAsync(new Close(), decider.Fold(new Opened("Ada")))
                    .AsTask()
                    .Result.Cast<Closed>()
                    .Single()
                    .Owner;
                return decided + decider.DecideAsync(new Close(), decider.Fold(new Opened("Ada"), new Closed(""))).AsTask().Result.Count();
            }
        }
        """).ShouldBe("Ada!0");

    [Theory]
    [InlineData(NullableContextOptions.Enable)]
    [InlineData(NullableContextOptions.Disable)]
    public void A_state_of_a_class_is_taken_with_nullable_on_and_off(NullableContextOptions nullable) => Probe.Run("""
        public sealed class Shop
        {
            internal sealed class State { public int Count; }
            [Event] public sealed record Sold(int Count);
            public sealed record Sell(int Count);
            [Decider] public static partial class Selling
            {
                internal static State Initial => new();
                internal static System.Threading.Tasks.Task<Sold> Decide(Sell c, State state) =>
                    System.Threading.Tasks.Task.FromResult(new Sold(c.Count + state.Count));
                internal static State Evolve(State state, IEvent e) => new State { Count = state.Count + 1 };
            }
        }
        public static class Test
        {
            public static string Run()
            {
                var decided = Shop.Selling.Decider.DecideAsync(new Shop.Sell(1), Shop.Selling.Decider.Fold(new Shop.Sold(7)));
                return ((Shop.Sold)decided.AsTask().Result.Single()).Count.ToString();
            }
        }
        """.Replace("public sealed class Shop\n", "public sealed partial class Shop\n", StringComparison.Ordinal), nullable).ShouldBe("2");

    private static string Run(string call) => Probe.Run(Cart + $$"""
        public static class Test { public static string Run() => {{call}}; }
        """);
}
