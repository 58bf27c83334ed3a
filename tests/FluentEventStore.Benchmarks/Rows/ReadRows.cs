using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>One reader; the streams are read in turn, so that no row rests on one page of the cache.</summary>
internal static class ReadRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("read a stream of 10 events")
        {
            Target = new Target { TimesMarten = 1.8, TimesBare = 1.25 },
            PrepareAsync = Reading<IReading>(streams: 100, events: 10, (room, stream) => room.ReadStreamAsync(stream)),
        },
        new("read a stream of 1000 events")
        {
            Target = new Target { TimesMarten = 2.2, TimesBare = 1.4, ShareOfMartenBytes = 1 / 3.0 },
            PrepareAsync = Reading<IReading>(streams: 5, events: 1000, (room, stream) => room.ReadStreamAsync(stream)),
        },
        new("aggregate 1000 events live")
        {
            Target = new Target { TimesMarten = 2.2 },
            PrepareAsync = Reading<IFolding>(streams: 5, events: 1000, (room, stream) => room.AggregateAsync(stream)),
        },
    ];

    private static Func<IContender, Task<Operation?>> Reading<TRoom>(int streams, int events, Func<TRoom, Guid, Task<int>> read)
        where TRoom : class
        => Row.In<TRoom>(async room =>
        {
            Guid[] ids = Seeds.NewIds(streams);
            await Seeds.StartAsync((IAppending)room, ids, events);
            var turn = 0;
            return async _ => Seeds.Expect(events, await read(room, ids[turn++ % ids.Length]));
        });
}
