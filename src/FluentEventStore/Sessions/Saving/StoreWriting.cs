using FluentEventStore.Events;
using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Sessions;

/// <summary>What the units of a store are written with.</summary>
internal sealed record StoreWriting(
    Database Database,
    OrderingChecks Ordering,
    UnitWriter Writer,
    RecordedUnit RecordedUnits,
    IInlineProjection Projection,
    PersonalData PersonalData,
    UnitLines Lines)
{
    /// <summary>What is told of units.</summary>
    public StoreTelemetry Telemetry => Database.Telemetry;

    /// <summary>What events may be.</summary>
    public required EventOptions Options { get; init; }

    /// <summary>Told of each commit of the process, so that followers of the log need not wait until they look again.</summary>
    public required Settler Settler { get; init; }

    /// <summary>How many bytes the JSON of a message may have.</summary>
    public required int MaxBytesOfMessage { get; init; }

    /// <summary>Told of each commit of the process that holds messages, so that they go out at once.</summary>
    public required MessageSignal Messages { get; init; }

    /// <summary>The clock for timestamps.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The clock of pauses between attempts.</summary>
    public required TimeProvider WaitClock { get; init; }

    /// <summary>Whether all this runs in a transaction that the caller ends.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Says that a unit was committed.</summary>
    /// <param name="commit">What it wrote.</param>
    /// <param name="messages">How many messages it published or scheduled; <see langword="null"/> if it did nothing to any.</param>
    public void Committed(Commit commit, int? messages)
    {
        if (messages > 0)
            MessageMeter.Published.Add(messages.Value, Telemetry.SchemaTag);

        if (messages is not null && !IsJoined)
            Messages.Set();


        // What is written in a transaction of the caller cannot be seen by others yet.
        if (commit.Position > 0 && !IsJoined)
            Settler.Committed(commit.Position);
    }

    /// <summary>Proves, once, that the database keeps what the order of events rests on.</summary>
    public ValueTask EnsureWritableAsync(CancellationToken cancellationToken) =>
        IsJoined ? Ordering.EnsureWritableAsync(Database, cancellationToken) : Ordering.EnsureWritableAsync(cancellationToken);

    /// <summary>Does something about what stands in the way of a unit, if that can be done.</summary>
    public Task MendAsync(Refusal refusal, CancellationToken cancellationToken) => refusal switch
    {
        { PositionsAreBehind: true } => Ordering.VerifyAsync(cancellationToken),
        { KeysAreBehind: true } => Ordering.AdvanceKeysAsync(cancellationToken),
        _ => Task.CompletedTask,
    };

    /// <summary>How long to try what begins now while others get in its way.</summary>
    /// <param name="limit">For how long; <see langword="null"/> for as long as a statement may run.</param>
    public Patience BePatient(TimeSpan? limit = null) => new(limit ?? Database.Patience, WaitClock);

    /// <summary>Now, in UTC and cut to what PostgreSQL keeps: microseconds.</summary>
    public DateTimeOffset Now()
    {
        var now = TimeProvider.GetUtcNow().ToUniversalTime();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
