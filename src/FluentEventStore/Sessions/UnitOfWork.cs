using System.Collections.Frozen;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>What a session collected, and how it is written: one batch, which the server runs as one transaction.</summary>
internal sealed class UnitOfWork(StoreContext context, TenantId tenantId, bool isIdempotent)
{
    private Dictionary<string, string>? _headers;

    // Kept until the unit is saved, so that saving again is the same unit.
    private Guid? _id;

    // What the session held when an attempt had no known outcome, and whether something was added since: then what the store knows of is not all of it.
    private long? _unknownRevision;
    private bool _isMoreThanUnknown;

    public PendingAppends Appends { get; } = new(context.TimeProvider);

    public PendingDocuments Documents { get; } = new();

    public FetchedViews Views { get; } = new();

    public string? CorrelationId { get; set; }

    public string? CausationId { get; set; }

    public string? UserName { get; set; }

    private long Revision => Appends.Revision + Documents.Revision;

    public void SetHeader(string key, string value)
    {
        _headers = EventHeaders.Set(_headers, key, value);
    }

    public void Clear()
    {
        Appends.Clear();
        Documents.Clear();
        Views.Clear();
        _id = null;
        _unknownRevision = null;
        _isMoreThanUnknown = false;
    }

    public async Task<Commit> SaveAsync(CancellationToken cancellationToken)
    {
        if (Appends.IsEmpty && Documents.Changes.Count == 0)
            return Commit.WithoutEvents;

        if (_unknownRevision is { } sent && sent != Revision)
        {
            _isMoreThanUnknown = true;
            _id = null;
        }

        var timestamp = context.Now();
        var unit = Appends.IsEmpty ? null : DescribeEvents(timestamp);
        var id = isIdempotent || unit is { Links.Length: > 0 } or { Changes.Length: > 0 }
            ? _id ??= Guid.CreateVersion7(timestamp)
            : default(Guid?);
        if (unit is not null)
            await context.PersonalData.SealAsync(unit, cancellationToken).ConfigureAwait(false);

        for (var attempt = 1; ; attempt++)
        {
            var views = unit is null ? FoldedViews.None : await context.Views.FoldAsync(unit, Views, cancellationToken).ConfigureAwait(false);
            var outcome = await SendAsync(unit, id, views, timestamp, cancellationToken).ConfigureAwait(false);
            if (outcome.Commit is { } commit)
            {
                Clear();
                context.Committed(commit);
                return commit;
            }

            var refusal = new Refusal(outcome.Refused!, unit, [.. Documents.Changes, .. views.Changes]);
            if (refusal.UnitIsKnown || (refusal.EventIdsAreKnown && unit is not null))
            {
                if (_isMoreThanUnknown && !refusal.UnitIsKnown)
                    throw new DuplicateEventException(unit!.EventIds);

                var recorded = refusal.UnitIsKnown
                    ? await context.RecordedUnits.FindCommitAsync(id!.Value, unit, cancellationToken).ConfigureAwait(false)
                    : await context.RecordedUnits.FindCommitAsync(unit!, cancellationToken).ConfigureAwait(false);
                Clear();

                // The attempt that wrote it may never have learnt so, and then it told nobody.
                context.Committed(recorded);
                return recorded;
            }

            if (!refusal.MayBeSentAgain || attempt == Attempts.Max)
                refusal.Throw();

            if (refusal.PositionsAreBehind)
                await context.Ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);

            Views.Clear();
            await Attempts.PauseAfter(attempt, context.WaitClock, cancellationToken).ConfigureAwait(false);
        }
    }

    private EventUnit DescribeEvents(DateTimeOffset timestamp) => new(tenantId, timestamp, Appends)
    {
        CorrelationId = CorrelationId,
        CausationId = CausationId,
        UserName = UserName,
        Headers = _headers ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty,
    };

    private async Task<AppendOutcome> SendAsync(EventUnit? unit, Guid? id, FoldedViews views, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        try
        {
            return unit is { OnlyAppends: true } && id is null && Documents.Changes.Count == 0 && views.Changes.Count == 0 && context.Lanes.Takes(unit)
                ? await AppendAsync(unit, cancellationToken).ConfigureAwait(false)
                : new AppendOutcome(await SendWholeAsync(unit, id, views, timestamp, cancellationToken).ConfigureAwait(false));
        }
        catch (PostgresException failure)
        {
            return new AppendOutcome(RefusedAppend.Of(failure));
        }
        catch (CommitOutcomeUnknownException)
        {
            _unknownRevision = Revision;
            throw;
        }
    }

    /// <summary>Sends a unit that only appends, which may be combined with others.</summary>
    private async Task<AppendOutcome> AppendAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var payloads = new JsonWriter();
        EncodedUnit encoded;
        try
        {
            encoded = new EncodedUnit(unit, payloads);
        }
        catch
        {
            payloads.Dispose();
            throw;
        }

        return await context.Lanes.AppendAsync(encoded, payloads, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Commit> SendWholeAsync(EventUnit? unit, Guid? id, FoldedViews views, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        using var payloads = new JsonWriter();
        using var batch = new NpgsqlBatch();

        // Who saves the same unit again waits for the first before anything else. Streams are locked before documents, everywhere, so that units
        // wait for each other instead of deadlocking; positions are drawn late.
        if (id is { } unitId)
            context.Append.AddBegin(batch, unitId, timestamp);

        if (unit is { ConcernsTags: true })
            context.Append.AddBoundaries(batch, unit, payloads);

        IReadOnlyCollection<DocumentChange> changes = [.. Documents.Changes, .. views.Changes];
        if (unit is { Streams.Length: > 0 } && (changes.Count > 0 || !unit.OnlyAppends))
            context.Append.AddLock(batch, unit, views.Streams ?? new FoldedStreams(unit.Streams.Length));

        AddStreamChanges(batch, unit, revives: true, payloads);
        if (changes.Count > 0)
            DocumentWriter.Add(batch, tenantId, timestamp, changes, payloads);
        if (unit is { Events.Count: > 0 })
            context.Append.AddAppend(batch, new EncodedUnit(unit, payloads));
        if (unit is { Tags.Length: > 0 })
            context.Append.AddTags(batch, unit);
        if (unit is { Links.Length: > 0 })
            context.Append.AddLinks(batch, unit);

        AddStreamChanges(batch, unit, revives: false, payloads);
        if (unit is { Unborn.Length: > 0 })
            context.Append.AddDropUnborn(batch, unit);
        if (id is { } closedId)
            context.Append.AddClose(batch, closedId, tenantId, unit);

        var commit = await context.Database
            .WriteAsync(batch, row => unit is null ? null : Append.ReadCommit(row, unit), cancellationToken)
            .ConfigureAwait(false);
        return commit ?? Commit.WithoutEvents;
    }

    private void AddStreamChanges(NpgsqlBatch batch, EventUnit? unit, bool revives, JsonWriter payloads)
    {
        List<StreamChange> together = [];
        foreach (var change in unit?.Changes ?? [])
        {
            if (change.Revives != revives)
                continue;

            // Compactions have a statement each, in their place among the others.
            if (change.Verb != StreamVerb.Compact)
            {
                together.Add(change);
                continue;
            }

            AddTogether();
            context.Append.AddCompaction(batch, tenantId, change, payloads);
        }

        AddTogether();

        void AddTogether()
        {
            if (together.Count > 0)
                context.Append.AddChanges(batch, tenantId, [.. together]);
            together.Clear();
        }
    }
}
