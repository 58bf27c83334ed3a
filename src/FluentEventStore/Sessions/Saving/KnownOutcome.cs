using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>
/// Saves a unit again until it is known what became of it. Once an outcome is unknown, it stays unknown until the store says what became of
/// the unit: a later failure to send says nothing about it.
/// </summary>
internal static class KnownOutcome
{
    /// <param name="unit">The unit, the same each time.</param>
    /// <param name="store">What is told of further attempts, and by whose clock they are made.</param>
    /// <param name="limit">
    /// How long it is saved again, from the first outcome that is unknown; <see langword="null"/> for as long as a statement may run.
    /// </param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="CommitOutcomeUnknownException">The time is over, or something else failed meanwhile.</exception>
    public static async Task<Commit> SaveAsync(
        UnitOfWork unit, StoreWriting store, TimeSpan? limit, CancellationToken cancellationToken)
    {
        Patience? patience = null;
        while (true)
        {
            try
            {
                if (patience is not null)
                    await patience.PauseAsync(cancellationToken).ConfigureAwait(false);

                return await unit.SaveAsync(isWatched: false, cancellationToken).ConfigureAwait(false);
            }
            catch (CommitOutcomeUnknownException unknown) when (!cancellationToken.IsCancellationRequested
                && !(patience ??= store.BePatient(limit)).IsOver)
            {
                store.Telemetry.Retry(ErrorType.Of(unknown));
            }
            catch (NpgsqlException failure) when (patience is { IsOver: false })
            {
                store.Telemetry.Retry(ErrorType.Of(failure));
            }
            catch (Exception failure) when (patience is not null
                && failure is not CommitOutcomeUnknownException
                && !(unit.IsKnownOnceCommitted && SaysOfOthers(failure)))
            {
                throw new CommitOutcomeUnknownException(failure);
            }
        }
    }

    // The store looks for the unit before it refuses one: it has not committed it. What stands against it is what others wrote, and stands
    // against an attempt that is still under way too.
    private static bool SaysOfOthers(Exception failure) => failure is StreamVersionConflictException
        or StreamAlreadyExistsException
        or BoundaryConflictException
        or DocumentAlreadyExistsException
        or DocumentConflictException
        or ReservationConflictException
        or DuplicateNaturalKeyException;
}
