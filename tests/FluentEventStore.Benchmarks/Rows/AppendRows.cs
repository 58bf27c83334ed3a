using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>One writer: bound by the round trip and the sync, batches by CPU.</summary>
internal static class AppendRows
{
    private const int ExistingStreams = 100;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("append 1 event, new stream, 1 writer")
        {
            Target = new Target { TimesMarten = 2.5, TimesBare = 1.25 },
            PrepareAsync = Row.In<IAppending>(room => StartStreams(room, events: 1)),
        },
        new("append 1 event, existing stream, 1 writer")
        {
            Target = new Target { TimesMarten = 1.8, TimesBare = 1.25 },
            PrepareAsync = Row.In<IAppending>(AppendToExistingAsync),
        },
        new("append 100 events, new stream, 1 writer")
        {
            Target = new Target { TimesMarten = 2.5, TimesBare = 1.3 },
            PrepareAsync = Row.In<IAppending>(room => StartStreams(room, events: 100)),
        },
        new("10 streams x 10 events in one session")
        {
            Target = new Target { TimesMarten = 3, TimesBare = 1.3 },
            PrepareAsync = Row.In<IAppending>(StartTenStreams),
        },
    ];

    /// <summary>Starts a stream of its own in each operation.</summary>
    public static Operation StartStreams(IAppending room, int events)
    {
        Payment[] payments = Payment.Take(events);
        return _ => room.StartStreamAsync(Guid.CreateVersion7(), payments);
    }

    private static async Task<Operation> AppendToExistingAsync(IAppending room)
    {
        Payment[] payments = Payment.Take(1);
        Guid[] streams = Seeds.NewIds(ExistingStreams);
        await Seeds.StartAsync(room, streams, eventsOfEach: 1);
        var turn = 0;
        return _ => room.AppendAsync(streams[turn++ % streams.Length], payments);
    }

    private static Operation StartTenStreams(IAppending room)
    {
        Payment[] payments = Payment.Take(10);
        return _ => room.StartStreamsAsync(Seeds.NewIds(10), payments);
    }
}
