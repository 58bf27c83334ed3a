using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>Makes up what units do: mostly what works, and often enough what is refused.</summary>
public class RandomCalls(Random random, ModelStore model)
{
    private const int StreamsAtOnce = 6;

    // Calls that end a stream for long are rare beside calls that fill it.
    private static readonly ModelVerb[] OfActive =
    [
        .. Enumerable.Repeat(ModelVerb.Append, 14), .. Enumerable.Repeat(ModelVerb.AppendToFetched, 4), .. Enumerable.Repeat(
            ModelVerb.Link, 6), .. Enumerable.Repeat(ModelVerb.Expect, 2),
        .. Enumerable.Repeat(ModelVerb.Archive, 3),
        .. Enumerable.Repeat(ModelVerb.Delete, 2),
        .. Enumerable.Repeat(ModelVerb.Truncate, 3),
        .. Enumerable.Repeat(ModelVerb.Compact, 4),
        ModelVerb.Unarchive, ModelVerb.Undelete, ModelVerb.HardDelete,
    ];

    private static readonly ModelVerb[] OfNone = [ModelVerb.Start, ModelVerb.Append, ModelVerb.AppendToFetched, ModelVerb.Link];
    private static readonly ModelVerb[] OfArchived = [
        ModelVerb.Unarchive,
        ModelVerb.Unarchive,
        ModelVerb.Unarchive,
        ModelVerb.Truncate,
        ModelVerb.Delete,
        ModelVerb.HardDelete
    ];
    private static readonly ModelVerb[] OfDeleted = [
        ModelVerb.Undelete,
        ModelVerb.Undelete,
        ModelVerb.Undelete,
        ModelVerb.Tombstone,
        ModelVerb.HardDelete
    ];
    private static readonly ModelVerb[] All = Enum.GetValues<ModelVerb>();

    private readonly StreamId[] _streamIds = new StreamId[StreamsAtOnce];
    private readonly StreamId[] _replaced = new StreamId[StreamsAtOnce];

    protected Random Random { get; } = random;

    protected ModelStore Model { get; } = model;

    /// <summary>All streams that were ever named.</summary>
    public HashSet<StreamId> Named { get; } = [];

    /// <summary>Those that units name now, or did a moment ago.</summary>
    public IEnumerable<StreamId> Current => [.. _streamIds.Concat(_replaced).Where(static id => !id.IsDefault).Distinct()];

    /// <summary>A further call of a unit.</summary>
    public ModelCall Next()
    {
        var streamId = NextStreamId();
        var verb = NextVerb(streamId);
        var version = Model.Streams.GetValueOrDefault(streamId)?.Version ?? 0;
        return verb switch
        {
            ModelVerb.Append => Appending(verb, streamId, least: Random.Next(8) == 0 ? 0 : 1) with { Expected = NextExpectation(version) },
            ModelVerb.Start or ModelVerb.AppendToFetched => Appending(verb, streamId, least: 1),
            ModelVerb.Link =>
                new ModelCall(verb, streamId) { Links = [.. Enumerable.Range(0, Random.Next(1, 4)).Select(_ => NextEventId())] },
            ModelVerb.Truncate => new ModelCall(verb, streamId) { Version = Random.NextInt64(1, version + 3) },
            ModelVerb.Compact =>
                new ModelCall(verb, streamId)
                {
                    Version = Random.NextInt64(1, version + 2),
                    Events = [NextReplacement(streamId)],
                    Tags = NextTags()
                },
            ModelVerb.Expect or ModelVerb.Delete or ModelVerb.Tombstone or ModelVerb.HardDelete =>
                new ModelCall(verb, streamId) { Expected = NextExpectation(version) },
            _ => new ModelCall(verb, streamId),
        };
    }

    /// <summary>What a decision asks for.</summary>
    public IReadOnlyList<IReadOnlyList<Tag>> NextQuery() =>
        [.. Enumerable.Range(0, Random.Next(1, 3)).Select(_ => (IReadOnlyList<Tag>)[NextTag(), .. NextTags()])];

    /// <summary>Data of an event to append.</summary>
    protected virtual object NextEvent(StreamId streamId) => Random.Next(4) switch
    {
        0 => new CourseOffered($"{Random.Next(4)}", Random.Next(100)),
        1 => new BalanceCarried(Random.Next(1_000)),
        _ => new AmountEntered(Random.Next(100)),
    };

    /// <summary>Data of an event that stands for others.</summary>
    protected virtual object NextReplacement(StreamId streamId) =>
        Random.Next(4) == 0 ? NextEvent(streamId) : new BalanceCarried(Random.Next(1_000));

    /// <summary>The id of another stream.</summary>
    protected virtual StreamId NewStreamId() => $"s-{Named.Count}";

    private ModelCall Appending(ModelVerb verb, StreamId streamId, int least)
    {
        object[] events = [.. Enumerable.Range(0, Random.Next(least, 4)).Select(_ => NextEvent(streamId))];
        return new ModelCall(verb, streamId)
        {
            Events = events,
            EventIds = [.. events.Select(_ => Guid.CreateVersion7())],
            Tags = events.Length > 0 ? NextTags() : []
        };
    }

    // One in five is of any kind; the others are mostly such as work.
    private ModelVerb NextVerb(StreamId streamId)
    {
        var verbs = Random.Next(5) == 0 ? All : Model.Streams.GetValueOrDefault(streamId)?.State switch
        {
            ModelState.Active => OfActive,
            ModelState.Archived => OfArchived,
            ModelState.Deleted => OfDeleted,
            ModelState.Tombstoned => All,
            _ => OfNone,
        };
        return verbs[Random.Next(verbs.Length)];
    }

    private StreamId NextStreamId()
    {
        var index = Random.Next(StreamsAtOnce);
        ref var streamId = ref _streamIds[index];
        if (streamId.IsDefault || (Model.Streams.GetValueOrDefault(streamId)?.State == ModelState.Tombstoned && Random.Next(3) > 0))
        {
            _replaced[index] = streamId;
            Named.Add(streamId = NewStreamId());
        }

        return streamId;
    }

    private ExpectedVersion NextExpectation(long version) => Random.Next(20) switch
    {
        0 => ExpectedVersion.NoStream,
        1 or 2 => ExpectedVersion.StreamExists,
        3 or 4 => ExpectedVersion.Exactly(version),
        5 => ExpectedVersion.Exactly(Math.Max(0, version + Random.Next(-1, 3))),
        _ => ExpectedVersion.Any,
    };

    private Guid NextEventId()
    {
        var recorded = Model.Recorded.Where(static it => it.Event.Id is not null).ToList();
        return recorded.Count == 0 || Random.Next(40) == 0 ? Guid.NewGuid() : recorded[Random.Next(recorded.Count)].Event.Id!.Value;
    }

    private List<Tag> NextTags() => Random.Next(3) == 0 ? [.. Enumerable.Range(0, Random.Next(1, 3)).Select(_ => NextTag())] : [];

    private Tag NextTag() => Random.Next(2) == 0 ? new Tag("course", Random.Next(4)) : new Tag("by", Random.Next(3));
}
