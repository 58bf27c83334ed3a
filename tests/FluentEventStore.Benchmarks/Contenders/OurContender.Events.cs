using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : IAppending, IReading, IFolding, IDeciding
{
    public async Task StartStreamAsync(Guid stream, Payment[] events)
    {
        await using IDocumentSession session = _store.OpenSession();
        session.Events.StartStream(stream, (IEnumerable<object>)events);
        await session.SaveChangesAsync();
    }

    public async Task StartStreamsAsync(Guid[] streams, Payment[] eventsOfEach)
    {
        await using IDocumentSession session = _store.OpenSession();
        foreach (Guid stream in streams)
            session.Events.StartStream(stream, (IEnumerable<object>)eventsOfEach);

        await session.SaveChangesAsync();
    }

    public async Task AppendAsync(Guid stream, Payment[] events)
    {
        await using IDocumentSession session = _store.OpenSession();
        session.Events.Append(stream, (IEnumerable<object>)events);
        await session.SaveChangesAsync();
    }

    public async Task<int> ReadStreamAsync(Guid stream)
    {
        await using IQuerySession session = _store.OpenQuerySession();
        return (await session.Events.FetchStreamAsync(stream)).Count;
    }

    public async Task<int> AggregateAsync(Guid stream)
    {
        await using IQuerySession session = _store.OpenQuerySession();
        return (await session.Events.AggregateStreamAsync<Ledger>(stream))?.Count ?? 0;
    }

    public async Task<int> DecideAsync(Guid stream, Payment decided)
    {
        await using IDocumentSession session = _store.OpenSession();
        IEventStream<Ledger> loaded = await session.Events.FetchForWritingAsync<Ledger>(stream);
        var count = loaded.Aggregate?.Count ?? 0;
        loaded.Append(decided);
        await session.SaveChangesAsync();
        return count;
    }
}
