namespace FluentEventStore.PostgresTests.Bank;

/// <summary>What people call an order by.</summary>
public readonly record struct OrderNumber(string Value);

[Event]
public sealed record OrderPlaced(OrderNumber Number, string Customer);

/// <summary>An order that gets another number, or none.</summary>
[Event]
public sealed record OrderRenumbered(OrderNumber? Number);

[Event]
public sealed record OrderShipped(string To);

/// <summary>An order that was found again.</summary>
[Event(Version = 2)]
public sealed record OrderFound(OrderNumber Number);

[Event("order-found", Version = 1)]
public sealed record OrderFoundV1(string No);

public static class OrderUpcasters
{
    [Upcaster]
    public static OrderFound Upcast(OrderFoundV1 old) => new(new OrderNumber("F-" + old.No));
}

/// <summary>An aggregate that is found by its number.</summary>
[Aggregate]
public sealed partial record Order(Guid Id, string Number, int Count)
{
    [NaturalKey]
    public static OrderNumber NumberOf(OrderPlaced e) => e.Number;

    [NaturalKey]
    public static OrderNumber? NumberOf(OrderRenumbered e) => e.Number;

    [NaturalKey]
    public static OrderNumber NumberOf(IEvent<OrderFound> e) => e.Data.Number;

    public static Order Create(OrderPlaced e) => new(default, e.Number.Value, 1);

    public Order Apply(OrderRenumbered e) => this with { Number = e.Number?.Value ?? "", Count = Count + 1 };

    public Order Apply(OrderFound e) => this with { Number = e.Number.Value, Count = Count + 1 };

    public Order Apply(OrderShipped e) => this with { Count = Count + 1 };
}

/// <summary>An event of two aggregates, of which each has it for its key.</summary>
[Event]
public sealed record NameGiven(string Name);

[Aggregate]
public sealed partial record Club(string Name)
{
    [NaturalKey]
    public static string NameOf(NameGiven e) => e.Name;

    public static Club Create(NameGiven e) => new(e.Name);

    public Club Apply(NameGiven e) => this with { Name = e.Name };
}

[Aggregate]
public sealed partial record Team(string Name)
{
    [NaturalKey]
    public static string NameOf(NameGiven e) => e.Name;

    public static Team Create(NameGiven e) => new(e.Name);

    public Team Apply(NameGiven e) => this with { Name = e.Name };
}
