namespace FluentEventStore.Events;

/// <summary>What a session is going to do to one stream.</summary>
internal sealed class PendingStream(StreamId streamId)
{
    public StreamId StreamId { get; } = streamId;

    /// <summary>
    /// Where the stream stands among those of the session: 1 is the first. 0 as long as the session does nothing to it, as after a refused
    /// call.
    /// </summary>
    public int Ordinal { get; set; }

    /// <summary>The expected version of the stream before the first event of the session.</summary>
    public ExpectedVersion Expected { get; private set; }

    /// <summary>Whether the stream was to be started, which decides the exception for a conflict.</summary>
    public bool IsStart { get; private set; }

    public string? AggregateType { get; set; }

    /// <summary>How far the calls for the stream have come.</summary>
    public StreamStage Stage { get; set; }

    /// <summary>How many events the session has for the stream.</summary>
    public int Count { get; set; }

    /// <summary>How many links the session has for the stream. They come after its events.</summary>
    public int LinkCount { get; set; }

    /// <summary>
    /// The aggregate whose snapshot is to be written even if nothing is appended; <see langword="null"/> if there is none.
    /// </summary>
    public Type? Kept { get; set; }

    /// <summary>
    /// Refuses a call that comes after one of a later stage. Stages are done in their order, so it would not be done where it stands.
    /// </summary>
    /// <exception cref="InvalidOperationException">It comes too late.</exception>
    public void CheckOrder(StreamStage stage)
    {
        if (stage < Stage || Stage == StreamStage.Erased)
        {
            throw new InvalidOperationException(
                $"The session {Name(Stage)} stream '{StreamId}' already, and another call {Name(stage)} it. "
                + "A unit of work first unarchives or undeletes a stream, then appends and links, then truncates, compacts, archives or "
                + "deletes it, and erases it last: "
                + "save the session before a call that breaks this order.");
        }
    }

    /// <exception cref="StreamAlreadyExistsException">The session has events for the stream already.</exception>
    /// <exception cref="InvalidOperationException">The session expects the stream to exist.</exception>
    public void Start(string? aggregateType)
    {
        if (Count > 0 || Expected.Version > 0)
            throw new StreamAlreadyExistsException(StreamId, (Expected.Version ?? 0) + Count);

        if (Expected == ExpectedVersion.StreamExists)
            throw Contradiction(0);

        Expected = ExpectedVersion.NoStream;
        AggregateType = aggregateType;
        IsStart = true;
    }

    /// <summary>Takes a further expectation.</summary>
    /// <param name="further">What is expected.</param>
    /// <param name="counted">How many of the waiting events and links of the stream it includes.</param>
    /// <exception cref="InvalidOperationException">It contradicts what is expected already.</exception>
    public void Expect(ExpectedVersion further, int counted)
    {
        if (further == ExpectedVersion.Any || (further == ExpectedVersion.StreamExists && (counted > 0 || Expected.Version > 0)))
            return;

        if (further == ExpectedVersion.StreamExists)
        {
            if (Expected == ExpectedVersion.NoStream)
                throw Contradiction(1);

            Expected = further;
            return;
        }

        ExpectBefore(further.Version!.Value - counted);
    }

    /// <summary>Takes a further expectation: the version before the first of the session's events.</summary>
    /// <exception cref="InvalidOperationException">It contradicts what is expected already.</exception>
    public void ExpectBefore(long before)
    {
        if (before < 0
            || (Expected.Version is { } already && already != before)
            || (before == 0 && Expected == ExpectedVersion.StreamExists))
            throw Contradiction(before);

        Expected = ExpectedVersion.Exactly(before);
    }

    /// <summary>What is done to the stream by now.</summary>
    public UnitStream Describe() =>
        new(
            StreamId,
            Ordinal,
            Expected,
            IsStart,
            AggregateType,
            Count,
            LinkCount,
            IsUnborn: Stage == StreamStage.Revived && Expected.Admits(0)) { Kept = Kept };

    private static string Name(StreamStage stage) => stage switch
    {
        StreamStage.Revived => "unarchives or undeletes",
        StreamStage.Written => "appends or links to",
        StreamStage.Changed => "truncates, compacts, archives or deletes",
        _ => "tombstones or hard deletes",
    };

    private InvalidOperationException Contradiction(long before) => new(
        $"The session expects {Expected} of stream '{StreamId}' and has {Count} event(s) for it. Another call contradicts that: it "
            + $"expects version {before}.");
}
