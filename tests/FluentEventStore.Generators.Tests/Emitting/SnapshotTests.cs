using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void An_event_with_a_nested_record_and_an_enum() => Sources.Generate(Sources.Parse("""
        namespace Shop;

        public enum Priority { Normal, Express = 10 }

        public sealed record Line(string Product, int Quantity, decimal Price = 1.5m);

        [Event]
        public sealed record OrderPlaced(Guid OrderId, string? Note, IReadOnlyList<Line> Lines, Priority Priority = Priority.Express)
        {
            public required string Customer { get; init; }
            public Dictionary<Priority, int?> Counts { get; set; } = [];
            public int Size => Lines.Count;
        }
        """), out _).ShouldMatch("Event");

    [Fact]
    public void A_document() => Sources.Generate(Sources.Parse("""
        namespace Shop;

        [Document]
        public sealed record Customer(Guid Id, string Name, DateTimeOffset Since)
        {
            public string City { get; init; } = "";
        }
        """), out _).ShouldMatch("Document");

    [Fact]
    public void A_message() => Sources.Generate(Sources.Parse("""
        namespace Shop;

        [Message]
        public sealed record SendMail(string To, DateTimeOffset? Until);
        """), out _).ShouldMatch("Message");

    [Fact]
    public void An_aggregate_with_its_events_and_its_typed_id() => Sources.Generate(Sources.Parse("""
        namespace Shop;

        [StreamId]
        public readonly partial record struct OrderId(Guid Value);

        [Event("order-placed")]
        public sealed record OrderPlaced(OrderId Order);

        [Event("order-paid", Version = 2)]
        public sealed record OrderPaid(decimal Amount);

        [Event]
        public sealed record OrderCancelled;

        [Aggregate]
        public sealed partial record Order(Guid Id, decimal Paid)
        {
            public static Order Create(OrderPlaced e) => new(e.Order.Value, 0m);
            public static Order Apply(IEvent<OrderPaid> e, Order order) => order with { Paid = order.Paid + e.Data.Amount };
            private bool ShouldDelete(OrderCancelled e) => Paid == 0m;
        }
        """), out _).ShouldMatch("Aggregate");

    [Fact]
    public void A_member_that_is_one_of_several_types() => Sources.Generate(Sources.Parse("""
        namespace Shop;

        [JsonDerivedType(typeof(Card), "card")]
        [JsonDerivedType(typeof(Cash), "cash")]
        public abstract record Payment(decimal Amount);

        public sealed record Card(decimal Amount, string Number) : Payment(Amount);

        public sealed record Cash(decimal Amount) : Payment(Amount);

        [Event]
        public sealed record OrderPaid(Payment By);
        """), out _).ShouldMatch("Polymorphic");

    [Fact]
    public void A_handler_of_events() => Sources.Generate(Sources.Parse("""
        using System.Threading;
        using System.Threading.Tasks;

        namespace Shop;

        public interface IRefusal { string Reason { get; } }

        public abstract record Change(Guid OrderId);

        [Event] public sealed record OrderPlaced(Guid OrderId) : Change(OrderId);

        [Event] public sealed record OrderMoved(Guid OrderId) : Change(OrderId);

        [Event] public sealed record OrderRefused(string Reason) : IRefusal;

        [Event] public readonly record struct StockCounted(int Count);

        [EventHandler]
        public sealed partial class Mailer(TextWriter mail)
        {
            private void Handle(OrderPlaced e, EventMetadata metadata) => mail.Write($"{e.OrderId} {metadata.Version}");

            private Task HandleAsync(CancellationToken cancellationToken, IEvent<Change> e) =>
                mail.WriteAsync(e.Data.OrderId.ToString().AsMemory(), cancellationToken);

            private static ValueTask Handle(IEvent<IRefusal> e, IQuerySession session) => default;

            private static async ValueTask HandleAsync(StockCounted e, IDocumentSession session) => await session.SaveChangesAsync();

            private void Handle(IEvent e) => mail.Write(e.TypeName);
        }
        """.Replace("TextWriter", "System.IO.TextWriter", StringComparison.Ordinal)), out _).ShouldMatch("Handler");

    [Fact]
    public void A_static_decider_and_one_with_services() => Sources.Generate(Sources.Parse("""
        using System.Threading;
        using System.Threading.Tasks;

        namespace Shop;

        public abstract record CartEvent;

        [Event] public sealed record ItemAdded(string Product, int Quantity) : CartEvent;

        [Event] public sealed record CheckedOut : CartEvent;

        public sealed record AddItem(string Product, int Quantity);

        public sealed record CheckOut;

        public sealed record CartState(int Items, bool IsCheckedOut);

        [Decider]
        public static partial class Cart
        {
            public static CartState Initial { get; } = new(0, false);

            public static ItemAdded Decide(AddItem command) => new(command.Product, command.Quantity);

            public static IEnumerable<CartEvent> Decide(CartState state, CheckOut command) =>
                state is { Items: > 0, IsCheckedOut: false } ? [new CheckedOut()] : [];

            public static CartState Evolve(CartState state, ItemAdded e) => state with { Items = state.Items + e.Quantity };

            public static CartState Evolve(CartState state, CheckedOut e) => state with { IsCheckedOut = true };
        }

        [Event] public sealed record OrderPlaced(decimal Price);

        public sealed record PlaceOrder(string Product);

        [Aggregate]
        public sealed partial record Order(Guid Id)
        {
            public static Order Create(IEvent<OrderPlaced> e) => new(Guid.Empty);
        }

        internal interface IPrices
        {
            Task<decimal> FindAsync(string product, CancellationToken cancellationToken);
        }

        [Decider]
        internal sealed partial class Ordering(IPrices prices)
        {
            private async Task<OrderPlaced?> DecideAsync(PlaceOrder command, Order? order, CancellationToken cancellationToken) =>
                order is null ? new OrderPlaced(await prices.FindAsync(command.Product, cancellationToken)) : null;
        }
        """), out _).ShouldMatch("Decider");

    [Fact]
    public void An_assembly_without_types_of_its_own_gets_no_file() =>
        Sources.Generate(Sources.Parse("public sealed class Plain { }"), out _).GeneratedSources.ShouldBeEmpty();
}

file static class SnapshotExtensions
{
    public static void ShouldMatch(this Microsoft.CodeAnalysis.GeneratorRunResult result, string name) => Snapshot.Match(result, name);
}
