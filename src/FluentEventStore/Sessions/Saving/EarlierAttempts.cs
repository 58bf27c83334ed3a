using FluentEventStore.Events;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>What a session knows of earlier attempts to write its unit, and what it finds of them in the store.</summary>
internal sealed class EarlierAttempts(StoreWriting store)
{
    // What the session held when the outcome of an attempt stayed unknown, and whether something was added since. If so, what the store has
    // is not all of it.
    private long? _unknownRevision;
    private bool _isMoreThanUnknown;

    /// <summary>Whether the unit was found in the store though this session had never sent it.</summary>
    public bool WereOfOthers { get; private set; }

    public void Clear() => (_unknownRevision, _isMoreThanUnknown, WereOfOthers) = (null, false, false);

    /// <summary>Notes that what became of an attempt is unknown.</summary>
    /// <param name="revision">What the session holds.</param>
    public void Lose(long revision) => _unknownRevision = revision;

    /// <summary>Notes whether something was added since the attempt whose outcome is unknown.</summary>
    /// <param name="revision">What the session holds.</param>
    public bool NoteAdditions(long revision) => _unknownRevision is { } sent && sent != revision && (_isMoreThanUnknown = true);

    /// <summary>What the unit wrote when it was saved before: its refusal says that it was.</summary>
    /// <exception cref="DuplicateEventException">The store knows a part of it.</exception>
    /// <exception cref="CommitOutcomeUnknownException">It was written, but what exactly could not be read.</exception>
    public async Task<Commit> FindCommitAsync(DescribedUnit unit, Refusal refusal, CancellationToken cancellationToken)
    {
        if (_isMoreThanUnknown && !refusal.UnitIsKnown)
            throw new DuplicateEventException(unit.Events!.EventIds);

        WereOfOthers = _unknownRevision is null;
        try
        {
            return refusal.UnitIsKnown
                ? await store.RecordedUnits.FindCommitAsync(unit.Id!.Value, unit.Events, cancellationToken).ConfigureAwait(false)
                : await store.RecordedUnits.FindCommitAsync(unit.Events!, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or NpgsqlException)
        {
            // It is committed. A caller that is told that nothing was written would do it again in another way.
            throw new CommitOutcomeUnknownException(failure);
        }
    }

    /// <summary>
    /// What the unit wrote when it was saved before, if something keeps it from being sent again; <see langword="null"/> if the store knows
    /// nothing of it.
    /// </summary>
    /// <exception cref="DuplicateEventException">The store knows a part of it.</exception>
    /// <exception cref="CommitOutcomeUnknownException">An attempt may still be under way, or the store could not be asked.</exception>
    public async Task<Commit?> TryFindCommitAsync(Guid? unitId, EventUnit unit, CancellationToken cancellationToken)
    {
        try
        {
            if (_unknownRevision is not null)
                await AwaitEndAsync(unit, cancellationToken).ConfigureAwait(false);

            var commit = await store.RecordedUnits.TryFindCommitAsync(unitId, unit, cancellationToken).ConfigureAwait(false);
            if (commit is not null && _isMoreThanUnknown)
                throw new DuplicateEventException(unit.EventIds);

            WereOfOthers = commit is not null && _unknownRevision is null;
            return commit;
        }
        catch (Exception failure) when (_unknownRevision is not null && failure is OperationCanceledException or NpgsqlException)
        {
            throw new CommitOutcomeUnknownException(failure);
        }
    }

    // An attempt that is under way holds its streams.
    private async Task AwaitEndAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var patience = store.BePatient();
        while (await store.RecordedUnits.MayBeUnderWayAsync(unit, cancellationToken).ConfigureAwait(false))
        {
            if (patience.IsOver)
                throw new CommitOutcomeUnknownException(
                    new TimeoutException("Another transaction keeps a stream of the unit locked, and may be writing to it."));

            await patience.PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
