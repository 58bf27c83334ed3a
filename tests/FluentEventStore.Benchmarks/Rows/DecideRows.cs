using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Load, decide, append: two round trips.</summary>
internal static class DecideRows
{
    // Each operation makes its stream one event longer. So many streams keep them near ten events for the whole run.
    private const int Streams = 4_000;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("fetch for writing (10 events), append 1")
        {
            Target = new Target { TimesMarten = 2 },
            PrepareAsync = Row.In<IDeciding>(DecideAsync),
        },
    ];

    private static async Task<Operation> DecideAsync(IDeciding room)
    {
        Guid[] ids = Seeds.NewIds(Streams);
        await Seeds.StartAsync((IAppending)room, ids, eventsOfEach: 10);
        Payment decided = Payment.Take(11)[10];
        var turn = 0;
        return async _ =>
        {
            (var round, var index) = Math.DivRem(turn++, ids.Length);
            Seeds.Expect(10 + round, await room.DecideAsync(ids[index], decided));
        };
    }
}
