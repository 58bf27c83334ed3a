using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : IStoring
{
    public async Task StoreAsync(PaymentDocument[] documents)
    {
        await using IDocumentSession session = _store.OpenSession();
        session.Store<PaymentDocument>(documents);
        await session.SaveChangesAsync();
    }

    public async Task<bool> LoadAsync(Guid id)
    {
        await using IQuerySession session = _store.OpenQuerySession();
        return await session.LoadAsync<PaymentDocument>(id) is not null;
    }
}
