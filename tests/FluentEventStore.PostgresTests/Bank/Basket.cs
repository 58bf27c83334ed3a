namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event that can be changed: it has a list.</summary>
[Event]
public sealed record ItemsAdded(List<string> Items);

/// <summary>An aggregate that takes the list of its first event for its own, and so changes the event when it is folded on.</summary>
[Aggregate]
public sealed partial class Basket
{
    public string Id { get; set; } = "";

    public List<string> Items { get; set; } = [];

    public static Basket Create(ItemsAdded e) => new() { Items = e.Items };

    public void Apply(ItemsAdded e) => Items.AddRange(e.Items);
}

/// <summary>Another view of the same events, which empties what it is given.</summary>
[Aggregate]
public sealed partial class ItemCount
{
    public string Id { get; set; } = "";

    public int Count { get; set; }

    public void Apply(ItemsAdded e)
    {
        Count += e.Items.Count;
        e.Items.Clear();
    }
}
