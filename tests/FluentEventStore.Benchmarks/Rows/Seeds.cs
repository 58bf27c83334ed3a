using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>What rows write before they are measured, and the check that they find it again.</summary>
internal static class Seeds
{
    private const int EventsPerCommit = 1_000;

    public static Guid[] NewIds(int count)
    {
        var ids = new Guid[count];
        for (var index = 0; index < count; index++)
            ids[index] = Guid.CreateVersion7();

        return ids;
    }

    public static async Task StartAsync(IAppending room, Guid[] streams, int eventsOfEach)
    {
        Payment[] events = Payment.Take(eventsOfEach);
        foreach (Guid[] some in streams.Chunk(Math.Max(1, EventsPerCommit / eventsOfEach)))
            await room.StartStreamsAsync(some, events);
    }

    /// <summary>A contender that finds less than it should is not fast but wrong.</summary>
    public static void Expect(int expected, int found)
    {
        if (found != expected)
            throw new InvalidOperationException($"{expected} expected, {found} found.");
    }
}
