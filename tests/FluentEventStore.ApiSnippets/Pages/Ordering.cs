namespace FluentEventStore.ApiSnippets.Pages;

// begin-snippet: order
public readonly record struct OrderNumber(string Value);

[Aggregate]
public sealed partial record Order(Guid Id, OrderNumber Number)
{
    [NaturalKey]
    public static OrderNumber NumberOf(OrderPlaced e) => e.Number;

    [NaturalKey]
    public static OrderNumber NumberOf(OrderRenumbered e) => e.Number;

    public static Order Create(OrderPlaced e) => new(default, e.Number);

    public Order Apply(OrderRenumbered e) => this with { Number = e.Number };
}
// end-snippet

[Event("order-placed")]
public sealed record OrderPlaced(OrderNumber Number);

[Event("order-renumbered")]
public sealed record OrderRenumbered(OrderNumber Number);

[Event("customer-registered")]
public sealed record CustomerRegistered(Guid CustomerId, string Name);

[Event("address-changed")]
public sealed record AddressChanged(string Reason);
