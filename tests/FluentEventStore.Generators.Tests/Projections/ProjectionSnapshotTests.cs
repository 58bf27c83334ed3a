using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class ProjectionSnapshotTests
{
    [Fact]
    public void Projections_that_create_and_apply_and_that_evolve() => Snapshot.Match(Sources.Generate(Sources.Parse("""
        namespace Shop;

        [StreamId] public readonly partial record struct CustomerId(Guid Value);

        public interface IOfCustomer { CustomerId Customer { get; } }

        [Event] public sealed record OrderPlaced(CustomerId Customer, string[] Products) : IOfCustomer;

        [Event] public sealed record OrderPaid(CustomerId? Customer, decimal Amount);

        [Event] public sealed record CustomerLeft(CustomerId Customer) : IOfCustomer;

        [Document] public sealed record Spending(CustomerId Id, int Orders, decimal Paid);

        [Projection("spending", Version = 2)]
        public sealed partial class SpendingProjection : MultiStreamProjection<Spending, CustomerId>
        {
            public static CustomerId Identity(IOfCustomer e) => e.Customer;
            public static CustomerId? Identity(OrderPaid e) => e.Customer;
            public static Spending Create(OrderPlaced e) => new(e.Customer, 1, 0m);
            public Spending Apply(OrderPlaced e, Spending view) => view with { Orders = view.Orders + 1 };
            public static Spending Apply(Spending view, IEvent<OrderPaid> e) => view with { Paid = view.Paid + e.Data.Amount };
            public static bool ShouldDelete(CustomerLeft e) => true;
        }

        [Document] public sealed class Product
        {
            public string Id { get; init; } = "";
            public int Sold { get; init; }
        }

        [Projection(Tenancy = ProjectionTenancy.Store)]
        public sealed partial class ProductsProjection : MultiStreamProjection<Product, string>
        {
            public static IEnumerable<string> Identities(OrderPlaced e) => e.Products;
            public static Product? Evolve(Product? product, OrderPlaced e) => new() { Sold = (product?.Sold ?? 0) + 1 };
        }
        """), out _), "Projection");
}
