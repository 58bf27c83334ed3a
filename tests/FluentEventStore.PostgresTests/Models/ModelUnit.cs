namespace FluentEventStore.PostgresTests.Models;

/// <summary>A unit of the model: the calls that a session took, and what it expects of each stream.</summary>
public sealed class ModelUnit(ModelStore store)
{
    private static readonly ModelVerb[] Ends = [ModelVerb.Tombstone, ModelVerb.HardDelete];

    private readonly Dictionary<StreamId, List<ModelCall>> _calls = [];
    private readonly Dictionary<StreamId, ModelExpectation> _expectations = [];
    private readonly List<ModelCall> _inOrder = [];

    public List<ModelBoundary> Boundaries { get; } = [];

    /// <summary>The calls, in their order.</summary>
    public IReadOnlyList<ModelCall> Calls => _inOrder;

    /// <summary>What concerns streams, in the order in which they were first named.</summary>
    public IEnumerable<StreamId> Streams => _calls.Keys;

    /// <summary>Takes a call as a session does.</summary>
    /// <returns>The type of the exception that it is refused with; <see langword="null"/> if it is taken.</returns>
    public Type? Take(ModelCall call)
    {
        var names = call is not { Verb: ModelVerb.Append, Events: [] } || call.Expected != ExpectedVersion.Any;
        if (!names || call is { Verb: ModelVerb.Link, Links: [] })
            return null;

        var before = _calls.GetValueOrDefault(call.StreamId) ?? [];
        var stage = StageOf(call);
        if (before.Exists(earlier => Ends.Contains(earlier.Verb) || StageOf(earlier) > (stage ?? int.MaxValue)))
            return typeof(InvalidOperationException);

        var expectation = _expectations.GetValueOrDefault(call.StreamId);
        var events = CountOf(call.StreamId, ModelVerb.Append, ModelVerb.Start, ModelVerb.AppendToFetched);
        switch (call.Verb)
        {
            case ModelVerb.Start when events > 0 || expectation.Exact > 0:
                return typeof(StreamAlreadyExistsException);
            case ModelVerb.Start:
                expectation = expectation.With(0);
                break;
            case ModelVerb.AppendToFetched:
                expectation = expectation.With(store.Streams.GetValueOrDefault(call.StreamId)?.Version ?? 0);
                break;
            case ModelVerb.Append:
                expectation = expectation.With(call.Expected, events);
                break;
            default:
                expectation = expectation.With(call.Expected, events + CountOf(call.StreamId, ModelVerb.Link));
                break;
        }

        if (expectation.IsContradictory)
            return typeof(InvalidOperationException);

        _expectations[call.StreamId] = expectation;
        before.Add(call);
        _calls[call.StreamId] = before;
        _inOrder.Add(call);
        return null;
    }

    public ModelExpectation ExpectationOf(StreamId streamId) => _expectations[streamId];

    /// <summary>How many events and links the unit has for a stream.</summary>
    public int CountOf(StreamId streamId) =>
        CountOf(streamId, ModelVerb.Append, ModelVerb.Start, ModelVerb.AppendToFetched, ModelVerb.Link);

    public bool Has(StreamId streamId, params ModelVerb[] verbs) => _calls[streamId].Exists(call => verbs.Contains(call.Verb));

    private static int? StageOf(ModelCall call) => call.Verb switch
    {
        ModelVerb.Unarchive or ModelVerb.Undelete => 0,
        ModelVerb.Append when call.Events.Count == 0 => null,
        ModelVerb.Append or ModelVerb.Start or ModelVerb.AppendToFetched or ModelVerb.Link => 1,
        ModelVerb.Expect => null,
        ModelVerb.Tombstone or ModelVerb.HardDelete => 3,
        _ => 2,
    };

    private int CountOf(StreamId streamId, params ModelVerb[] verbs) =>
        _calls.TryGetValue(streamId, out var calls)
            ? calls.Where(call => verbs.Contains(call.Verb)).Sum(static call => call.Events.Count + call.Links.Count)
            : 0;
}
