using System.Globalization;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>One call of a unit, for a session and for the model alike.</summary>
public sealed record ModelCall(ModelVerb Verb, StreamId StreamId)
{
    /// <summary>Of calls that expect something.</summary>
    public ExpectedVersion Expected { get; init; }

    /// <summary>Of <see cref="ModelVerb.Truncate"/> and <see cref="ModelVerb.Compact"/>.</summary>
    public long Version { get; init; }

    /// <summary>What is appended; of <see cref="ModelVerb.Compact"/> the one that replaces.</summary>
    public IReadOnlyList<object> Events { get; init; } = [];

    /// <summary>The ids of what is appended.</summary>
    public IReadOnlyList<Guid> EventIds { get; init; } = [];

    /// <summary>What each event is tagged with, beside its properties.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Which events are linked.</summary>
    public IReadOnlyList<Guid> Links { get; init; } = [];

    /// <summary>Asks a session for it.</summary>
    public async Task DoAsync<TAggregate>(IEventOperations events, CancellationToken cancellationToken)
        where TAggregate : class
    {
        switch (Verb)
        {
            case ModelVerb.Unarchive: events.UnarchiveStream(StreamId); break;
            case ModelVerb.Undelete: events.UndeleteStream(StreamId); break;
            case ModelVerb.Append: Complete(events.Append(StreamId, Expected, Events)); break;
            case ModelVerb.Start: Complete(events.StartStream<TAggregate>(StreamId, Events)); break;
            case ModelVerb.AppendToFetched:
                var stream = await events.FetchForWritingAsync<TAggregate>(StreamId, cancellationToken: cancellationToken);
                Complete(stream.Append(Events));
                break;
            case ModelVerb.Link: events.LinkTo(StreamId, Links); break;
            case ModelVerb.Expect: events.Expect(StreamId, Expected); break;
            case ModelVerb.Truncate: events.TruncateStream(StreamId, Version); break;
            case ModelVerb.Compact: events.CompactStream(StreamId, Version, Events[0], [.. Tags]); break;
            case ModelVerb.Archive: events.ArchiveStream(StreamId); break;
            case ModelVerb.Delete: events.DeleteStream(StreamId, Expected); break;
            case ModelVerb.Tombstone: events.TombstoneStream(StreamId, Expected); break;
            case ModelVerb.HardDelete: events.HardDeleteStream(StreamId, Expected); break;
            default: throw new ArgumentOutOfRangeException(nameof(events), Verb, null);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Verb} {StreamId}{(Expected == default ? "" : $" at {Expected}")}{(Version > 0 ? $" version {Version}" : "")}"
            + $"{Joined(Events)}{Joined(Tags)}{Joined(Links)}");

    private static string Joined<T>(IReadOnlyList<T> items) => items.Count == 0 ? "" : $" [{string.Join(", ", items)}]";

    private void Complete(PendingEvents pending)
    {
        if (EventIds.Count > 0)
            pending.WithEventIds(EventIds);
        foreach (var tag in Tags)
            pending.WithTag(tag);
    }
}
