using System.Globalization;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Subscriptions that begin at the beginning of a large log: figures are those of one event.</summary>
internal static class CatchUpRows
{
    private const int EventsOfEach = 17;
    private const int Subscriptions = 20;
    private const int Partitions = 4;
    private const int SlowEvents = 4_000;

    /// <summary>What EventStore for Elixir took for an event at best: 25,200 a second.</summary>
    private const double Elixir = 1_000_000 / 25_200.0;

    /// <param name="quick">Whether the log has a tenth of its size.</param>
    public static IReadOnlyList<Row> Of(bool quick)
    {
        var streams = quick ? 6_000 : 60_000;
        var events = streams * EventsOfEach;
        var log = string.Create(CultureInfo.InvariantCulture, $"{events:N0} events of {streams:N0} streams");
        Row one = new($"catch up: {log}")
        {
            Size = events,
            IsLong = true,
            Target = new Target
            {
                TimesMarten = 1,
                PerSecond = 150_000,
                HeapGrowth = 50_000_000,
                ElixirMicroseconds = Elixir,
                TimesElixir = 4
            },
            PrepareAsync = Row.In<ICatchingUp>(room => CatchUpAsync(room, streams, room.CatchUpAsync, events)),
        };
        Row many = new($"catch up: {Subscriptions} subscriptions at once, an event of the log")
        {
            Size = events,
            IsLong = true,
            Target = new Target { Beside = one.Name, TimesBeside = 3, HeapGrowth = 50_000_000 },
            PrepareAsync = Row.In<ISharing>(room =>
                CatchUpAsync(room, streams, () => room.CatchUpAsync(Subscriptions), events * Subscriptions)),
        };
        Row slow = Slow(streams, partitions: 1);
        Row parted = Slow(streams, Partitions);
        return
        [
            one,
            many,
            slow,
            parted with { Target = new Target { Beside = slow.Name, TimesBeside = 1 / 3.5 } },
        ];
    }

    private static Row Slow(int streams, int partitions) => new($"catch up: a handler that waits 1 ms, {partitions} at once")
    {
        Size = SlowEvents,
        IsLong = true,
        Target = new Target(),
        PrepareAsync = Row.In<ISharing>(async room =>
        {
            await room.FillLogAsync(streams, EventsOfEach);
            return _ => room.HandleSlowlyAsync(partitions, SlowEvents);
        }),
    };

    private static async Task<Operation> CatchUpAsync(ICatchingUp room, int streams, Func<Task<long>> catchUp, int events)
    {
        await room.FillLogAsync(streams, EventsOfEach);
        return async _ => Seeds.Expect(events, (int)await catchUp());
    }
}
