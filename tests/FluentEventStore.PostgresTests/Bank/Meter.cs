namespace FluentEventStore.PostgresTests.Bank;

[Event]
public sealed record MeterRead(int Amount);

/// <summary>An aggregate whose id is a number.</summary>
[Aggregate]
public sealed partial class Meter
{
    public long Id { get; set; }

    public List<int> Amounts { get; set; } = [];

    public void Apply(MeterRead e) => Amounts.Add(e.Amount);
}

/// <summary>An aggregate whose id is a small number.</summary>
[Aggregate]
public sealed partial class Gauge
{
    public int Id { get; set; }

    public List<int> Amounts { get; set; } = [];

    public void Apply(MeterRead e) => Amounts.Add(e.Amount);
}
