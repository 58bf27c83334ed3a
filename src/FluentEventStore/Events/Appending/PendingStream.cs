namespace FluentEventStore.Events;

/// <summary>What a session is going to do to one stream.</summary>
internal sealed class PendingStream(StreamId streamId)
{
    public StreamId StreamId { get; } = streamId;

    /// <summary>What the stream is expected to be at before the first of the session's events.</summary>
    public ExpectedVersion Expected { get; private set; }

    /// <summary>Whether the stream was to be started, which decides how a conflict is told.</summary>
    public bool IsStart { get; private set; }

    public string? AggregateType { get; set; }

    /// <summary>How many events the session has for the stream.</summary>
    public int Count { get; set; }

    /// <summary>How many links the session has for the stream. They come after its events.</summary>
    public int LinkCount { get; set; }

    /// <exception cref="StreamAlreadyExistsException">The session has events for the stream already.</exception>
    public void Start(string? aggregateType)
    {
        if (Count > 0 || Expected.Version > 0)
            throw new StreamAlreadyExistsException(StreamId, (Expected.Version ?? 0) + Count);

        Expected = ExpectedVersion.NoStream;
        AggregateType = aggregateType;
        IsStart = true;
    }

    /// <summary>Takes a further expectation, which counts the events that wait already.</summary>
    /// <exception cref="InvalidOperationException">It contradicts what is expected already.</exception>
    public void Expect(ExpectedVersion further)
    {
        if (further == ExpectedVersion.Any || (further == ExpectedVersion.StreamExists && (Count > 0 || Expected.Version > 0)))
            return;

        if (further == ExpectedVersion.StreamExists)
        {
            if (Expected == ExpectedVersion.NoStream)
                throw Contradiction(1);

            Expected = further;
            return;
        }

        ExpectBefore(further.Version!.Value - Count);
    }

    /// <summary>Takes a further expectation: the version before the first of the session's events.</summary>
    /// <exception cref="InvalidOperationException">It contradicts what is expected already.</exception>
    public void ExpectBefore(long before)
    {
        if (before < 0 || (Expected.Version is { } already && already != before) || (before == 0 && Expected == ExpectedVersion.StreamExists))
            throw Contradiction(before);

        Expected = ExpectedVersion.Exactly(before);
    }

    private InvalidOperationException Contradiction(long before) => new(
        $"The session expects {Expected} of stream '{StreamId}' and has {Count} event(s) for it; a further call contradicts that: it would expect version {before}.");
}
