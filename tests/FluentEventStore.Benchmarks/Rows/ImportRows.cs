using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Bulk import: bound by what the server does for a row.</summary>
internal static class ImportRows
{
    private const int Streams = 5_000;
    private const int EventsOfEach = 10;

    public static IReadOnlyList<Row> All { get; } =
    [
        new("bulk import through COPY (50,000 events)")
        {
            Target = new Target { TimesBare = 1.3 },
            PrepareAsync = Row.In<IImporting>(Import),
        },
    ];

    private static Operation Import(IImporting room)
    {
        Payment[] payments = Payment.Take(EventsOfEach);
        return _ => room.ImportAsync(Seeds.NewIds(Streams), payments);
    }
}
