using System.Globalization;
using System.Text.Json;

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

/// <summary>An event with what JSON may say in several ways.</summary>
[Event]
public sealed record ThingsWeighed(Dictionary<string, double> Weights, JsonElement Notes);

/// <summary>An aggregate that sees how its events were written.</summary>
[Aggregate]
public sealed partial record Scales(string Id, List<string> Lines)
{
    public static Scales Create(IEvent<ThingsWeighed> e) => new(e.StreamId.Value, [Line(e.Data)]);

    public Scales Apply(ThingsWeighed e) => this with { Lines = [.. Lines, Line(e)] };

    private static string Line(ThingsWeighed e) =>
        string.Join(' ', e.Weights.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={1 / pair.Value}")))
            + e.Notes.GetRawText();
}

/// <summary>An aggregate whose id is checked when its stream is started, and which empties the event that it begins with.</summary>
[Aggregate]
public sealed partial class Hamper
{
    public Guid Id { get; set; }

    public List<string> Items { get; set; } = [];

    public static Hamper Create(ItemsAdded e)
    {
        var hamper = new Hamper { Items = [.. e.Items] };
        e.Items.Clear();
        return hamper;
    }

    public void Apply(ItemsAdded e) => Items.AddRange(e.Items);
}
