using System.Runtime.CompilerServices;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

/// <summary>What a session collected, and how it is written: one batch, which the server runs as one transaction.</summary>
internal sealed partial class UnitOfWork(StoreWriting store, TenantId tenantId, bool isIdempotent, SessionGate gate)
{
    // The id is kept until the unit is saved, so that saving again is the same unit.
    private Guid? _id;
    private Dictionary<string, string>? _headers;
    private PendingDocuments? _documents;
    private FetchedSnapshots? _fetched;
    private EarlierAttempts? _earlier;
    private List<Func<JsonWriter, IReadOnlyList<DocumentChange>>>? _derived;

    public PendingAppends Appends { get; } = new(store.TimeProvider, gate);

    public PendingDocuments Documents => _documents ??= new();

    public FetchedSnapshots Fetched => _fetched ??= new();

    public string? CorrelationId { get; set; }

    public string? CausationId { get; set; }

    public string? UserName { get; set; }

    /// <summary>What the unit is written on condition of. With one, it is written even if it is empty.</summary>
    public IUnitCondition? Condition { get; set; }

    /// <summary>Whom to tell of what was saved.</summary>
    public Action<Commit>? Saved { get; set; }

    /// <summary>Whether somebody else had saved the unit that was saved last. Then its condition was not met with that.</summary>
    public bool WasSavedBefore { get; private set; }

    public bool IsEmpty => Appends.IsEmpty && _derived is null && (_documents is null or { IsEmpty: true });

    /// <summary>Whether the store, once it holds the unit, knows it by its events or its id.</summary>
    public bool IsKnownOnceCommitted => _id is not null || Appends.Events.Count > 0;

    private EarlierAttempts Earlier => _earlier ??= new(store);

    private long Revision => Appends.Revision + (_documents?.Revision ?? 0);

    public void SetHeader(string key, string value) => _headers = EventHeaders.Set(_headers, key, value);

    /// <summary>Writes with the events from an index on what the session says now, whatever it says of later ones.</summary>
    public void Stamp(int from)
    {
        Appends.Stamp(from, new EventCause(CorrelationId, CausationId, UserName), _headers);
        _headers = null;
    }

    /// <summary>Writes documents that are derived from events, described when the unit is.</summary>
    public void Derive(Func<JsonWriter, IReadOnlyList<DocumentChange>> describe) => (_derived ??= []).Add(describe);

    public void Clear()
    {
        _derived = null;
        Appends.Clear();
        _documents?.Clear();
        _fetched?.Clear();
        _id = null;
        _earlier?.Clear();
    }

    /// <summary>Writes what the session collected. Until that is done, however it ends, the session takes no call.</summary>
    /// <param name="isWatched">Whether those who watch units are told of this attempt, and not by the caller.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InvalidOperationException">The session is being saved.</exception>
    public Task<Commit> SaveAsync(bool isWatched, CancellationToken cancellationToken)
    {
        gate.BeginSave();
        return isWatched && WatchedSaving.IsWanted && !IsEmpty
            ? WatchedSaving.RunAsync(this, store.Telemetry, tenantId, SaveAloneAsync, cancellationToken)
            : SaveAloneAsync(cancellationToken);
    }

    /// <summary>Writes what the session collected, when saving has begun.</summary>
    private async Task<Commit> SaveAloneAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (IsEmpty && Condition is null)
                return Commit.WithoutEvents;

            if (_earlier?.NoteAdditions(Revision) ?? false)
                _id = null;

            var payloads = new JsonWriter();
            var commit = await DescribeAndWriteAsync(payloads, cancellationToken).ConfigureAwait(false);

            // Given back only if the outcome of the unit is known: otherwise it may still be being sent.
            payloads.Dispose();
            WasSavedBefore = _earlier is { WereOfOthers: true };
            Appends.Follow(commit, WasSavedBefore);
            Clear();

            // Also for a unit that was committed before: the attempt that wrote it may never have learnt that, and so told nobody.
            store.Committed(commit);
            Saved?.Invoke(commit);
            return commit;
        }
        finally
        {
            gate.EndSave();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Commit> DescribeAndWriteAsync(JsonWriter payloads, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(await DescribeAsync(payloads, cancellationToken).ConfigureAwait(false), payloads, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SubjectForgottenException)
        {
            // Committed before the subject was forgotten?
            var unit = new EventUnit(Origin(), _headers, Appends, SealedUnit.Withheld(tenantId), payloads);
            if (await Earlier.TryFindCommitAsync(_id, unit, cancellationToken).ConfigureAwait(false) is { } commit)
                return commit;

            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Commit> WriteAsync(DescribedUnit unit, JsonWriter payloads, CancellationToken cancellationToken)
    {
        if (unit.Events is not null)
            await store.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);

        var patience = store.BePatient();
        while (true)
        {
            var outcome = await WriteAsync(unit, patience, payloads, cancellationToken).ConfigureAwait(false);
            if (outcome.Commit is { } commit)
                return commit;

            if (outcome.Refused is { SqlState: SqlStates.SnapshotMoved })
                new Refusal(outcome.Refused, unit.Events, unit.Documents).Throw();

            // This happens after a fail-over or a restore. The unit is encrypted again, from its events as they were when saving began.
            if (patience.IsOver)
                new Refusal(outcome.Refused!, unit.Events, unit.Documents).Throw();

            unit = unit with { Events = unit.Events!.With(
                await store.PersonalData.RenewAsync(unit.Events.Sealed!, cancellationToken).ConfigureAwait(false)) };
        }
    }

    /// <summary>Writes a unit when its turn has come.</summary>
    /// <returns>The commit, or a refusal because keys of personal data are lost.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome> WriteAsync(
        DescribedUnit unit, Patience patience, JsonWriter payloads, CancellationToken cancellationToken)
    {
        var folding = unit.Events is null ? null : store.Projection.FindFolding(unit.Events);
        var sending = new UnitSending(unit, folding, IsLocked: false, patience, payloads);
        if (folding is null && TakesALane(unit))
            return await WriteAsync(sending, cancellationToken).ConfigureAwait(false);

        // A unit that has locks already must not wait in line: those before it may wait for its locks, and the server would not see that
        // deadlock.
        using var turn = store.IsJoined || unit.Events is not { } events
            ? null
            : await store.Lines.EnterAsync(events, folding, patience, cancellationToken).ConfigureAwait(false);
        var outcome = await WriteAsync(sending, cancellationToken).ConfigureAwait(false);

        // It is first folded as if nobody else writes. If another process does, it is folded under the locks of its streams.
        return folding is not null && outcome.Refused is { SqlState: SqlStates.SnapshotMoved }
            ? await WriteAsync(sending with { IsLocked = true }, cancellationToken).ConfigureAwait(false)
            : outcome;
    }

    /// <summary>Sends a unit until it is written.</summary>
    /// <returns>The commit, or a refusal because its snapshots moved or keys are lost.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome> WriteAsync(UnitSending sending, CancellationToken cancellationToken)
    {
        var unit = sending.Unit;
        while (true)
        {
            var outcome = await TrySendAsync(sending, cancellationToken).ConfigureAwait(false);
            if (outcome.Commit is not null)
                return outcome;

            var refusal = new Refusal(outcome.Refused!, unit.Events, unit.Documents);
            if (refusal.IsKnown)
                return new AppendOutcome(await Earlier.FindCommitAsync(unit, refusal, cancellationToken).ConfigureAwait(false));

            if (refusal.SnapshotsMoved || refusal.KeysAreLost)
            {
                store.Telemetry.Retry(refusal.SqlState);
                return outcome;
            }

            await PauseAsync(refusal, sending.Patience, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Throws what a refusal means, or waits if another try may succeed.</summary>
    private async Task PauseAsync(Refusal refusal, Patience patience, CancellationToken cancellationToken)
    {
        // A transaction of the caller would meet the same failure again: the caller has to begin it anew.
        if (!refusal.MayBeSentAgain || patience.IsOver || (store.IsJoined && refusal.IsByChance))
            refusal.Throw();

        store.Telemetry.Retry(refusal.SqlState);
        SessionLog.SentAgain(store.Telemetry, refusal.SqlState);
        await store.MendAsync(refusal, cancellationToken).ConfigureAwait(false);
        await patience.PauseAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<DescribedUnit> DescribeAsync(JsonWriter payloads, CancellationToken cancellationToken)
    {
        var origin = Origin();
        var documents = _documents?.Describe(payloads) ?? [];
        if (_derived is not null)
            documents = [.. documents, .. _derived.SelectMany(describe => describe(payloads))];

        var encrypted = Appends.HoldPersonalData
            ? await Appends.SealAsync(store.PersonalData, tenantId, cancellationToken).ConfigureAwait(false)
            : null;
        var events = Appends.IsEmpty ? null : new EventUnit(origin, _headers, Appends, encrypted, payloads);
        if (events is not null && store.Options.MaxBytesOfEvent is { } limit)
            events.CheckSizes(limit);

        Condition?.CheckSize(payloads.Size);
        var unit = new DescribedUnit(origin, Id: null, events, documents) { Condition = Condition };
        return unit.NeedsId(isIdempotent) ? unit with { Id = _id ??= NewId.At(origin.Timestamp) } : unit;
    }

    private UnitOrigin Origin() => new(tenantId, store.Now(), CorrelationId, CausationId, UserName);

    private bool TakesALane(DescribedUnit unit) =>
        unit.MayShareATransaction && !store.IsJoined && store.Lines.Lanes.Takes(unit.Events!);
}
