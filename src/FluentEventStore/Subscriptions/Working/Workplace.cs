using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Subscriptions;

/// <summary>What all workers of a process share in one database.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>The database.</summary>
    public required Database Database { get; init; }

    public required SqlIdentifier Schema { get; init; }

    /// <summary>Says how far the log may be read.</summary>
    public required Settler Settler { get; init; }

    /// <summary>Compares the log with what was handled of it.</summary>
    public required BookmarkCheck Bookmarks { get; init; }

    /// <summary>Reads the log.</summary>
    public required LogFeed Feed { get; init; }

    /// <summary>Reads single streams.</summary>
    public required StreamFeed Streams { get; init; }

    /// <summary>Who is alive, and what there is to carry.</summary>
    public required Looks Looks { get; init; }

    /// <summary>The rows of ranges.</summary>
    public required RangeRows Rows { get; init; }

    /// <summary>The rows of parked keys.</summary>
    public required ParkedRows Parked { get; init; }

    /// <summary>Opens what handlers write with; its argument is called whenever it reads.</summary>
    public required Func<Action, StoreContext> ContextOf { get; init; }

    /// <summary>Gives handlers services; <see langword="null"/> if the store has none.</summary>
    public IPageScopes? Scopes { get; init; }

    /// <summary>The clock of pauses, limits and leases.</summary>
    public required TimeProvider WaitClock { get; init; }

    /// <summary>The clock of what is written down.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Says at most how many workers write at the same time.</summary>
    public required SemaphoreSlim Writers { get; init; }

    /// <summary>
    /// Moves checkpoints over events that concern nobody, for all workers of the process, and tells the time that they go by.
    /// </summary>
    public required CheckpointFlush Flush { get; init; }

    /// <summary>Tells of outages of the database.</summary>
    public required Outages Outages { get; init; }

    /// <summary>The process.</summary>
    public required Guid Node { get; init; }

    /// <summary>What an operator knows the process by.</summary>
    public required string NodeName { get; init; }

    /// <summary>How many keys of a range may be parked.</summary>
    public required int MaxParkedKeys { get; init; }

    /// <summary>Told whenever something changed that others may wait for.</summary>
    public Signal Moved { get; } = new();

    /// <summary>
    /// Whether the log holds what the row of a range says: where it stands, and which event was handled last. A row that is ahead of the
    /// log was written beside another one.
    /// </summary>
    /// <exception cref="OrderingNotGuaranteedException">It does not.</exception>
    public async Task VerifyAsync(Claim claim, CancellationToken cancellationToken)
    {
        var settled = await Settler.AskAsync(cancellationToken).ConfigureAwait(false);
        if (claim.Position > settled.Last && !settled.IsStandby)
            throw OrderingChecks.Forked(claim.Position, settled.Last);

        if (claim.LastEvent is var (position, id))
            await Bookmarks.VerifyAsync(position, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Why a range is not carried here any more, since its checkpoint was not moved.</summary>
    /// <returns>
    /// <see langword="null"/> if the range is this node's as it was: then somebody has said where it is to stop.
    /// </returns>
    public RunEnd? EndBy(Refusal refusal, RangeKey range, long epoch)
    {
        if (refusal.Epoch == epoch)
            return refusal.IsPaused ? RunEnd.Paused : null;

        SubscriptionLog.Fenced(Database.Telemetry, new FencedException(range.ToString(), epoch, refusal.Epoch));
        return RunEnd.Fenced;
    }

    /// <summary>A failure that happened here, as it is stored.</summary>
    public SubscriptionFailure Describe(WorkItem? item, WorkFailure failure, int calls) => new(failure.Kind, failure.Message)
    {
        ExceptionType = failure.Exception?.GetType().FullName,
        Position = item?.Position,
        EventId = item?.Event.Id,
        EventType = item?.Event.TypeName,
        StreamId = item?.Event.StreamId.Value,
        TenantId = item?.Event.TenantId.Value,
        Attempts = calls,
        Node = NodeName,
        At = TimeProvider.GetUtcNow().ToUniversalTime(),
    };

    public void Dispose() => Writers.Dispose();
}
