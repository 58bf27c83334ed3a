using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class MartenContender : IAppending, IReading, IFolding, IDeciding
{
    public async Task StartStreamAsync(Guid stream, Payment[] events)
    {
        await using var session = _store.LightweightSession();
        session.Events.StartStream(stream, (IEnumerable<object>)events);
        await session.SaveChangesAsync();
    }

    public async Task StartStreamsAsync(Guid[] streams, Payment[] eventsOfEach)
    {
        await using var session = _store.LightweightSession();
        foreach (Guid stream in streams)
            session.Events.StartStream(stream, (IEnumerable<object>)eventsOfEach);

        await session.SaveChangesAsync();
    }

    public async Task AppendAsync(Guid stream, Payment[] events)
    {
        await using var session = _store.LightweightSession();
        session.Events.Append(stream, (IEnumerable<object>)events);
        await session.SaveChangesAsync();
    }

    public async Task<int> ReadStreamAsync(Guid stream)
    {
        await using var session = _store.QuerySession();
        return (await session.Events.FetchStreamAsync(stream)).Count;
    }

    public async Task<int> AggregateAsync(Guid stream)
    {
        await using var session = _store.QuerySession();
        return (await session.Events.AggregateStreamAsync<RivalLedger>(stream))?.Count ?? 0;
    }

    public async Task<int> DecideAsync(Guid stream, Payment decided)
    {
        await using var session = _store.LightweightSession();
        var loaded = await session.Events.FetchForWriting<RivalLedger>(stream);
        var count = loaded.Aggregate?.Count ?? 0;
        loaded.AppendOne(decided);
        await session.SaveChangesAsync();
        return count;
    }
}
