using FluentEventStore.Sessions;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Commands;

/// <summary>
/// Loads the state of a stream, has a decision made over it, and appends what was decided. Begins anew if somebody else appended meanwhile.
/// </summary>
/// <remarks>Each attempt has a session of its own: a decision is made on the current state, never on that of an earlier attempt.</remarks>
internal sealed class Execution(StoreContext context, SessionOptions options, StreamId streamId)
{
    private readonly Action<StoredVersion>? _check = (options as ExecutionOptions)?.Check;

    public Task<Commit> RunAsync<T>(Func<T?, CancellationToken, ValueTask<IEnumerable<object>>> decide, CancellationToken cancellationToken)
        where T : class =>
        RunAsync(
            async session =>
            {
                var stream = await session.Operations
                    .FetchForWritingAsync<T>(streamId, ExpectedVersion.Any, _check, cancellationToken)
                    .ConfigureAwait(false);
                Append(await decide(stream.Aggregate, cancellationToken).ConfigureAwait(false), events => stream.Append(events));
            },
            cancellationToken);

    public Task<Commit> RunAsync<TState>(IDecider<TState> decider, object command, CancellationToken cancellationToken) =>
        RunAsync(
            async session =>
            {
                var (state, version) = await session.Operations
                    .FoldForWritingAsync(streamId, decider.Initial, decider.Evolve, _check, cancellationToken)
                    .ConfigureAwait(false);
                var decided = await decider.DecideAsync(command, state, cancellationToken).ConfigureAwait(false);
                Append(decided ?? [], events => session.Operations.AppendFolded(typeof(TState), streamId, version, events));
            },
            cancellationToken);

    // If nothing is decided, nothing is saved, so no version is expected.
    private static void Append(IEnumerable<object> decided, Action<IReadOnlyList<object>> append)
    {
        ArgumentNullException.ThrowIfNull(decided);
        IReadOnlyList<object> events = decided as object[] ?? [.. decided];
        if (events.Count > 0)
            append(events);
    }

    private async Task<Commit> RunAsync(Func<DocumentSession, Task> decide, CancellationToken cancellationToken)
    {
        var patience = context.Writing.BePatient((options as ExecutionOptions)?.RetryFor);
        IDisposable? turn = null;
        try
        {
            // Where writers have met before, each waits for its turn instead of hoping that it meets nobody.
            if (!context.Writing.IsJoined && context.Writing.Lines.Deciders.IsBusy(options.TenantId, streamId))
                turn = await EnterLineAsync(patience, cancellationToken).ConfigureAwait(false);

            while (true)
            {
                var session = new DocumentSession(context, options);
                await using (session.ConfigureAwait(false))
                {
                    await decide(session).ConfigureAwait(false);
                    try
                    {
                        return await SaveAsync(session, cancellationToken).ConfigureAwait(false);
                    }
                    catch (StreamVersionConflictException conflict) when (conflict.StreamId == streamId && !patience.IsOver)
                    {
                        DecideAgain(conflict);
                    }
                }

                // A writer that has its turn was overtaken by another process, or by a writer that makes no decision.
                if (turn is null && !context.Writing.IsJoined)
                    turn = await EnterLineAsync(patience, cancellationToken).ConfigureAwait(false);
                else
                    await patience.PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            turn?.Dispose();
        }
    }

    /// <summary>Waits for a turn at the stream. After too long a wait it tries once more without a turn.</summary>
    private async Task<IDisposable?> EnterLineAsync(Patience patience, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Writing.Lines.Deciders
                .EnterAsync(options.TenantId, [streamId], patience.Left, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private void DecideAgain(StreamVersionConflictException conflict)
    {
        var telemetry = context.Writing.Telemetry;
        var errorType = ErrorType.Of(conflict);
        telemetry.Retry(errorType);
        SessionLog.DecidedAgain(telemetry, errorType);
    }

    // The caller has no session to save again. The events keep their ids, so that they are written once.
    private static Task<Commit> SaveAsync(DocumentSession session, CancellationToken cancellationToken) =>
        session.SaveUntilKnownAsync(limit: null, cancellationToken);
}
