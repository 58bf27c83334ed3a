using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class MartenContender : IStoring
{
    public async Task StoreAsync(PaymentDocument[] documents)
    {
        await using var session = _store.LightweightSession();
        session.Store(documents);
        await session.SaveChangesAsync();
    }

    public async Task<bool> LoadAsync(Guid id)
    {
        await using var session = _store.QuerySession();
        return await session.LoadAsync<PaymentDocument>(id) is not null;
    }
}
