using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Rows;

/// <summary>Documents that do not exist yet are stored; those that exist are loaded.</summary>
internal static class DocumentRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("store 1 document")
        {
            Target = new Target { TimesMarten = 1.3, TimesBare = 1.2 },
            PrepareAsync = Row.In<IStoring>(room => Store(room, count: 1)),
        },
        new("store 100 documents")
        {
            Target = new Target { TimesMarten = 4, TimesBare = 1.3 },
            PrepareAsync = Row.In<IStoring>(room => Store(room, count: 100)),
        },
        new("load a document")
        {
            Target = new Target { TimesMarten = 1.6, TimesBare = 1.25 },
            PrepareAsync = Row.In<IStoring>(LoadAsync),
        },
    ];

    private static Operation Store(IStoring room, int count) => _ => room.StoreAsync(PaymentDocument.New(count));

    private static async Task<Operation> LoadAsync(IStoring room)
    {
        PaymentDocument[] documents = PaymentDocument.New(1_000);
        await room.StoreAsync(documents);
        var turn = 0;
        return async _ => Seeds.Expect(1, await room.LoadAsync(documents[turn++ % documents.Length].Id) ? 1 : 0);
    }
}
