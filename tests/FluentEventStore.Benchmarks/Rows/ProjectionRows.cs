using System.Globalization;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Views that are derived from a whole log: figures are those of one event.</summary>
internal static class ProjectionRows
{
    /// <param name="quick">Whether the logs have a tenth of their size.</param>
    public static IReadOnlyList<Row> Of(bool quick)
    {
        var part = quick ? 10 : 1;
        return
        [
            Of(100_000 / part, 60_000 / part, new Target { TimesMarten = 8 }),
            Of(1_000_000 / part, 60_000 / part, new Target { PerSecond = 1_000_000 / 16.0, HeapGrowth = 50_000_000 }),
        ];
    }

    private static Row Of(int events, int streams, Target target) => new(
        string.Create(CultureInfo.InvariantCulture, $"project: {events:N0} events of {streams:N0} streams, a view each"))
    {
        Size = events,
        IsLong = true,
        Target = target,
        PrepareAsync = Row.In<IProjecting>(async room =>
        {
            await room.FillSpreadLogAsync(streams, events);
            return async _ => Seeds.Expect(events, (int)await room.ProjectAsync(events));
        }),
    };
}
