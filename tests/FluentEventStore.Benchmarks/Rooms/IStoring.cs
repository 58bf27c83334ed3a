using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Stores and loads documents.</summary>
internal interface IStoring
{
    /// <summary>Stores the documents in one commit.</summary>
    Task StoreAsync(PaymentDocument[] documents);

    /// <returns>Whether there is a document with the id.</returns>
    Task<bool> LoadAsync(Guid id);
}
