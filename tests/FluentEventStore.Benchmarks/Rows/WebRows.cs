using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Web;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Clients of a web application that appends an event for each request.</summary>
internal static class WebRows
{
    private const int Streams = 1_000;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("web: a POST that appends 1 event, 1 client")
        {
            Target = new Target { TimesMarten = 1.8, IsP99NoWorse = true },
            PrepareAsync = Row.In<IServing>(room => PostAsync(room, clients: 1)),
        },
        new("web: a POST that appends 1 event, 32 clients")
        {
            Writers = 32,
            Target = new Target { TimesMarten = 4, IsP99NoWorse = true },
            PrepareAsync = Row.In<IServing>(room => PostAsync(room, clients: 32)),
        },
    ];

    private static async Task<Operation> PostAsync(IServing room, int clients)
    {
        Guid[] streams = Seeds.NewIds(Streams);
        await Seeds.StartAsync((IAppending)room, streams, eventsOfEach: 1);
        byte[][] requests = Array.ConvertAll(streams, PaymentRequest.For);
        RunningApplication application = room.Serve();
        var callers = new Caller[clients];
        for (var client = 0; client < clients; client++)
            callers[client] = await application.ConnectAsync();

        await callers[0].SendAsync(requests[0]);
        Seeds.Expect(2, await ((IReading)room).ReadStreamAsync(streams[0]));
        var turn = 0;
        return client => callers[client].SendAsync(requests[(uint)Interlocked.Increment(ref turn) % requests.Length]);
    }
}
