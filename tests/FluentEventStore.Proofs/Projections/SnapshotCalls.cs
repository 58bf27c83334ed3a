using FluentEventStore.PostgresTests.Models;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// Makes up units over streams whose ids are Guids, texts and Guids in another writing, with events that the two aggregates fold.
/// </summary>
public sealed class SnapshotCalls(Random random, ModelStore model) : RandomCalls(random, model)
{
    private const int WearersAtOnce = 5;

    private readonly List<Guid> _wearers = [.. Enumerable.Range(0, WearersAtOnce).Select(static _ => Guid.NewGuid())];

    /// <summary>Events to append beside units.</summary>
    public object[] NextEvents(StreamId streamId) => [.. Enumerable.Range(0, Random.Next(1, 4)).Select(_ => NextEvent(streamId))];

    protected override object NextEvent(StreamId streamId) => Random.Next(10) switch
    {
        0 => new Stopped(Random.Next(10)),
        1 => new WearerNamed(_wearers[Random.Next(WearersAtOnce)], $"name {Random.Next(1_000)}"),
        _ => new Ticked(Random.Next(100), Random.Next(3) == 0 ? "n" : ""),
    };

    protected override object NextReplacement(StreamId streamId) => new Ticked(Random.Next(100), "c");

    protected override StreamId NewStreamId() => Random.Next(4) switch
    {
        0 => base.NewStreamId(),
        1 => $"{Guid.NewGuid()}".ToUpperInvariant(),
        _ => Guid.NewGuid(),
    };
}
