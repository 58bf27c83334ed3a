using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Commands;

/// <summary>Loads the state of a stream, has a decision made over it, and appends what was decided; anew where somebody else appended meanwhile.</summary>
/// <remarks>Each attempt has a session of its own: a decision is made on the state of now, never on that of an earlier attempt.</remarks>
internal sealed class Execution(Func<DocumentSession> open, StreamId streamId, TimeProvider waitClock)
{
    public Task<Commit> RunAsync<T>(Func<T?, CancellationToken, ValueTask<IEnumerable<object>>> decide, CancellationToken cancellationToken)
        where T : class =>
        RunAsync(
            async session =>
            {
                var stream = await session.Events.FetchForWritingAsync<T>(streamId, cancellationToken: cancellationToken).ConfigureAwait(false);
                stream.Append(await decide(stream.Aggregate, cancellationToken).ConfigureAwait(false));
            },
            cancellationToken);

    public Task<Commit> RunAsync<TState>(IDecider<TState> decider, object command, CancellationToken cancellationToken) =>
        RunAsync(
            async session =>
            {
                var (state, version) = await session.Operations
                    .FoldForWritingAsync(streamId, decider.Initial, decider.Evolve, cancellationToken)
                    .ConfigureAwait(false);
                var decided = await decider.DecideAsync(command, state, cancellationToken).ConfigureAwait(false);
                session.Operations.AppendFolded(typeof(TState), streamId, version, decided ?? []);
            },
            cancellationToken);

    private async Task<Commit> RunAsync(Func<DocumentSession, Task> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var session = open();
            await using (session.ConfigureAwait(false))
            {
                await decide(session).ConfigureAwait(false);
                try
                {
                    return await SaveAsync(session, cancellationToken).ConfigureAwait(false);
                }
                catch (StreamVersionConflictException conflict) when (conflict.StreamId == streamId && attempt < Attempts.Max)
                {
                }
            }

            await Attempts.PauseAfter(attempt, waitClock, cancellationToken).ConfigureAwait(false);
        }
    }

    // The caller has no session to save again; its events have kept their ids, so that they are written once. Once an outcome is unknown, it stays so until the store
    // says what became of the unit: whatever keeps it from being sent again says nothing of that.
    private async Task<Commit> SaveAsync(DocumentSession session, CancellationToken cancellationToken)
    {
        CommitOutcomeUnknownException? unknown = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (unknown is not null)
                    await Attempts.PauseAfter(attempt - 1, waitClock, cancellationToken).ConfigureAwait(false);

                return await session.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (CommitOutcomeUnknownException failure) when (attempt < Attempts.Max && !cancellationToken.IsCancellationRequested)
            {
                unknown = failure;
            }
            catch (NpgsqlException) when (unknown is not null && attempt < Attempts.Max)
            {
            }
            catch (Exception failure) when (unknown is not null && failure is not (StreamVersionConflictException or CommitOutcomeUnknownException))
            {
                throw new CommitOutcomeUnknownException(failure);
            }
        }
    }
}
