using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>How long it takes from the call that appends an event until a subscription's handler sees it.</summary>
internal static class DeliveryRows
{
    /// <summary>What EventStore for Elixir took at the median; 4.7 ms at p99.</summary>
    private const double Elixir = 2_800;

    public static IReadOnlyList<Row> All { get; } =
    [
        Delivering("deliver: append 1 event until a handler sees it", acrossStores: false) with
        {
            Target = new Target { P50 = 3_000, P99 = 25_000, TimesMartenP99 = 10, ElixirMicroseconds = Elixir },
        },
        Delivering("deliver: append 1 event until a handler of another store sees it", acrossStores: true) with
        {
            Target = new Target { P50 = 10_000 },
        },
    ];

    private static Row Delivering(string name, bool acrossStores) => new(name)
    {
        Target = new Target(),
        PrepareAsync = Row.In<IDelivering>(room => _ => room.DeliverAsync()),
        AroundAsync = contender => ((IDelivering)contender).CarryAsync(acrossStores),
    };
}
