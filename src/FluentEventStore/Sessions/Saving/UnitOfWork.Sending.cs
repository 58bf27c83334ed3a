using System.Runtime.CompilerServices;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

internal sealed partial class UnitOfWork
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome> TrySendAsync(UnitSending sending, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(sending, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            return new AppendOutcome(RefusedAppend.Of(failure));
        }
        catch (CommitOutcomeUnknownException)
        {
            Earlier.Lose(Revision);
            SessionLog.OutcomeUnknown(store.Telemetry);
            throw;
        }
    }

    private ValueTask<AppendOutcome> SendAsync(UnitSending sending, CancellationToken cancellationToken) => sending switch
    {
        { Folding: null } => SendAsync(sending.Unit, InlineChanges.None, sending.Payloads, cancellationToken),
        { IsLocked: true } => SendLockedAsync(sending, cancellationToken),
        _ => SendFoldedAsync(sending, sending.Folding, cancellationToken),
    };

    private ValueTask<AppendOutcome> SendAsync(
        DescribedUnit unit, InlineChanges inline, JsonWriter payloads, CancellationToken cancellationToken) =>
        !inline.RestOnStreams && TakesALane(unit)
            ? store.Lines.Lanes.AppendAsync(unit.Events!, cancellationToken)
            : SendAloneAsync(unit, inline, payloads, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome> SendAloneAsync(
        DescribedUnit unit, InlineChanges inline, JsonWriter payloads, CancellationToken cancellationToken) =>
        new(await store.Writer.WriteAsync(store.Database, unit, inline, payloads, cancellationToken).ConfigureAwait(false));

    private async ValueTask<AppendOutcome> SendFoldedAsync(
        UnitSending sending, IInlineFolding folding, CancellationToken cancellationToken)
    {
        folding.Begin(Fetched);
        await UnitWriter.ReadAsync(store.Database, folding, cancellationToken).ConfigureAwait(false);
        Fetched.Clear();
        var unit = sending.Unit;
        InlineChanges inline;
        try
        {
            inline = folding.Fold(sending.Payloads);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Folded a second time, as it was committed before?
            if (await Earlier.TryFindCommitAsync(unit.Id, unit.Events!, cancellationToken).ConfigureAwait(false) is { } commit)
                return new AppendOutcome(commit);

            throw;
        }

        return await SendAsync(unit, inline, sending.Payloads, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AppendOutcome> SendLockedAsync(UnitSending sending, CancellationToken cancellationToken) =>
        new(await store.Writer.WriteLockedAsync(store.Database, sending, cancellationToken).ConfigureAwait(false));
}
