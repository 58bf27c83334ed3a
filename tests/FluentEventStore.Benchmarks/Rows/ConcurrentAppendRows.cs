using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Many writers: bound by commits, so combining them pays.</summary>
internal static class ConcurrentAppendRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("append 1 event, new stream, 16 writers")
        {
            Writers = 16,
            Target = new Target { TimesMarten = 6, TimesBare = 1 },
            PrepareAsync = Row.In<IAppending>(room => AppendRows.StartStreams(room, events: 1)),
        },
        new("append 1 event, new stream, 64 writers")
        {
            Writers = 64,
            Target = new Target { TimesMarten = 10, TimesBare = 1, PerSecond = 25_000 },
            PrepareAsync = Row.In<IAppending>(room => AppendRows.StartStreams(room, events: 1)),
        },
        new("append 100 events, new stream, 8 writers")
        {
            Writers = 8,
            Target = new Target { TimesMarten = 1.4, TimesBare = 1.3 },
            PrepareAsync = Row.In<IAppending>(room => AppendRows.StartStreams(room, events: 100)),
        },
        new("append to ONE stream, 16 writers, no expectation")
        {
            Writers = 16,
            MayFail = true,
            Target = new Target { PerSecond = 3_000 },
            PrepareAsync = Row.In<IAppending>(AppendToOneAsync),
        },
    ];

    private static async Task<Operation> AppendToOneAsync(IAppending room)
    {
        Payment[] payments = Payment.Take(1);
        var stream = Guid.CreateVersion7();
        await room.StartStreamAsync(stream, payments);
        return _ => room.AppendAsync(stream, payments);
    }
}
