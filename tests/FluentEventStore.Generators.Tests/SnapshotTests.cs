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
    public void An_assembly_without_types_of_its_own_gets_no_file() =>
        Sources.Generate(Sources.Parse("public sealed class Plain { }"), out _).GeneratedSources.ShouldBeEmpty();
}

file static class SnapshotExtensions
{
    public static void ShouldMatch(this Microsoft.CodeAnalysis.GeneratorRunResult result, string name) => Snapshot.Match(result, name);
}
