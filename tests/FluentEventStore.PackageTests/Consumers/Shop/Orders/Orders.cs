using Contracts;
using Contracts.@namespace;
using FluentEventStore;

namespace Orders;

/// <summary>Names an order.</summary>
/// <param name="Value">The name.</param>
[StreamId]
public readonly partial record struct OrderId(Guid Value);

/// <summary>An order was placed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Page">Of a type of another assembly, closed here.</param>
[Event]
public sealed record Placed(OrderId Id, Page<@enum> Page)
{
    /// <summary>Kept without blanks around it.</summary>
    public string Note { get; init => field = value.Trim(); } = "";
}

/// <summary>An order was paid.</summary>
/// <param name="Amount">How much.</param>
[Event(Version = 2)]
public sealed record Paid(decimal Amount);

/// <summary>An order.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Amount">How much was paid.</param>
[Aggregate]
public sealed partial record Order(Guid Id, decimal Amount)
{
    /// <summary>Begins one.</summary>
    public static Order Create(Placed e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return new(e.Id.Value, 0);
    }

    /// <summary>Adds what was paid.</summary>
    public Order Apply(Paid e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return this with { Amount = Amount + e.Amount };
    }
}

/// <summary>A customer.</summary>
/// <param name="Id">The mail address.</param>
/// <param name="Name">The name.</param>
[Document]
public sealed record Customer(string Id, string? Name);

/// <summary>What events became.</summary>
public static class Upcasters
{
    /// <summary>Amounts were whole numbers.</summary>
    [Upcaster("paid")]
    public static Paid FromFirst(System.Text.Json.JsonElement old) => new(old.GetProperty("amount").GetInt32());
}
