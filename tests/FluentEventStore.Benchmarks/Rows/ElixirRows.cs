using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>
/// The rows of the benchmark of EventStore for Elixir 1.4.8: many at once append 100 events to a stream each, or read a stream of 100. Its
/// figures were taken once, on 2 cores with PostgreSQL 15, as microseconds for one round of all; here they are divided by how many took
/// part.
/// </summary>
internal static class ElixirRows
{
    private const int Events = 100;

    public static IReadOnlyList<Row> All { get; } =
    [
        Appending(writers: 1, elixir: 9_325),
        Appending(writers: 10, elixir: 68_598),
        Appending(writers: 100, elixir: 580_248),
        Reading(readers: 1, elixir: 1_753),
        Reading(readers: 10, elixir: 8_313),
        Reading(readers: 100, elixir: 73_291),
    ];

    private static Row Appending(int writers, double elixir) => new($"Elixir's: append 100 events, new stream, {writers} at once")
    {
        Writers = writers,
        Target = new Target { ElixirMicroseconds = elixir / writers, TimesElixir = 6 },
        PrepareAsync = Row.In<IAppending>(room => AppendRows.StartStreams(room, Events)),
    };

    private static Row Reading(int readers, double elixir) => new($"Elixir's: read a stream of 100, {readers} at once")
    {
        Writers = readers,
        Target = new Target { ElixirMicroseconds = elixir / readers, TimesElixir = 2 },
        PrepareAsync = Row.In<IReading>(async room =>
        {
            Guid[] ids = Seeds.NewIds(100);
            await Seeds.StartAsync((IAppending)room, ids, Events);
            var turn = 0;
            return async _ => Seeds.Expect(Events, await room.ReadStreamAsync(ids[(uint)Interlocked.Increment(ref turn) % ids.Length]));
        }),
    };
}
