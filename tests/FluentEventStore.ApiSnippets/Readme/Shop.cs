using FluentEventStore;

namespace Shop;

// begin-snippet: declare
[Event]
public sealed record CartOpened(Guid CartId, string Customer);

[Event]
public sealed record ItemAdded(string ProductId, int Quantity, decimal Price);

[Event]
public sealed record CheckedOut;

[Aggregate]
public sealed partial record Cart(Guid Id, string Customer, decimal Total, bool IsCheckedOut)
{
    public static Cart Create(CartOpened e) => new(e.CartId, e.Customer, Total: 0, IsCheckedOut: false);

    public Cart Apply(ItemAdded e) => this with { Total = Total + e.Quantity * e.Price };

    public Cart Apply(CheckedOut e) => this with { IsCheckedOut = true };
}

[Document]
public sealed record Product(string Id, string Name, decimal Price);
// end-snippet
