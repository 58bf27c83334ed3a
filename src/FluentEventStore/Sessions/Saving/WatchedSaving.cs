using FluentEventStore.Telemetry;

namespace FluentEventStore.Sessions;

/// <summary>Saves units of work of which somebody wants to know: listeners of spans or of measurements.</summary>
internal static class WatchedSaving
{
    public static bool IsWanted => StoreTracing.IsOn || StoreMeter.ListensToSaves;

    public static async Task<Commit> RunAsync(
        UnitOfWork unit,
        StoreTelemetry telemetry,
        TenantId tenantId,
        Func<CancellationToken, Task<Commit>> save,
        CancellationToken cancellationToken)
    {
        var span = default(SaveSpan);
        Tell(() =>
        {
            span = telemetry.StartSave(tenantId.Value);
            span?.Describe(unit.Appends.Events.Count, unit.Appends.Streams.Count, unit.Documents.Count);
        });
        try
        {
            var commit = await save(cancellationToken).ConfigureAwait(false);
            Tell(() => span?.Succeed(unit.WasSavedBefore));
            return commit;
        }
        catch (Exception failure)
        {
            Tell(() => span?.Fail(failure, IsConflict(failure)));
            throw;
        }
        finally
        {
            Tell(() => span?.Dispose());
        }
    }

    private static bool IsConflict(Exception failure) => failure is StreamVersionConflictException
        or StreamAlreadyExistsException
        or BoundaryConflictException
        or DocumentConflictException
        or ReservationConflictException
        or DuplicateNaturalKeyException
        or SnapshotConflictException;

    // What a listener throws must not look like the failure of a unit that is committed.
    private static void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
        }
    }
}
