using System.Diagnostics;
using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Outbox;

/// <summary>
/// Calls the sink, whatever that does: it may throw, hang, pay no attention to its token, or block its thread before it returns a task.
/// </summary>
internal sealed class Sending(MessageOptions options, StoreContext context, StoreTelemetry store, TimeProvider clock)
{
    /// <summary>How long a call that was told to end may take to do so.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly MessageTelemetry _telemetry = new(store);

    /// <summary>Sends a message.</summary>
    /// <returns>Why it was not sent; <see langword="null"/> if it was.</returns>
    /// <exception cref="OperationCanceledException">The call was ended from here, and it is not known what it did.</exception>
    public async Task<Exception?> RunAsync(ClaimedLane lane, ClaimedMessage message, CancellationToken cancellationToken)
    {
        // Not disposed where it may still be asked for by a call that is left behind.
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var call = OwnFlow.Run(() => CallAsync(lane, message, ending.Token));
        if (await EndsWithinAsync(call, options.SendTimeout, cancellationToken).ConfigureAwait(false))
        {
            var failure = FailureOf(call);
            ending.Dispose();
            if (failure is OperationCanceledException)
                cancellationToken.ThrowIfCancellationRequested();

            _telemetry.Called(began, message.TypeName, failure);
            return failure;
        }

        // What is told to end may take its time on the thread that tells it, or throw.
        Forget(ending.CancelAsync());
        var hasEnded = await EndsWithinAsync(call, Grace, CancellationToken.None).ConfigureAwait(false);
        if (hasEnded && FailureOf(call) is null)
        {
            _telemetry.Called(began, message.TypeName, failure: null);
            return null;
        }

        if (!hasEnded)
        {
            Forget(call);
            MessageLog.LeftBehind(store, message, lane);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var late = new TimeoutException(
            $"The sink took longer than {options.SendTimeout}{(hasEnded ? "" : ", and has not ended yet")}.");
        _telemetry.Called(began, message.TypeName, late);
        return late;
    }

    private async Task CallAsync(ClaimedLane lane, ClaimedMessage message, CancellationToken cancellationToken)
    {
        var sink = options.Find(message.TypeName)!;
        if (!MessageCatalog.TryGet(message.TypeName, out var type))
            throw new UnreachableException();

        var span = _telemetry.Start(message.TypeName, message.Trace, (message.CorrelationId, message.CausationId));
        try
        {
            var tenantId = TenantId.Stored(lane.Lane.Tenant);
            var outgoing = new OutgoingMessage
            {
                Id = message.Id,
                TenantId = tenantId,
                Key = message.Key,
                TypeName = message.TypeName,
                Data = type.Decode(message.Json.Span),
                Json = message.Json,
                Published = message.Published,
                CorrelationId = message.CorrelationId,
                CausationId = message.CausationId,
                UserName = message.UserName,
                Headers = message.Headers,
                TraceParent = message.Trace,
                Attempt = message.Attempts + 1,
                Fence = lane.Token,
            };
            var scope = new SendScope(options.Scopes, context, tenantId);
            await using var _ = scope.ConfigureAwait(false);
            await sink(outgoing, scope.Open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            StoreTracing.Fail(span, failure);
            throw;
        }
        finally
        {
            StoreTracing.End(span);
        }
    }

    private async Task<bool> EndsWithinAsync(Task call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(limit, clock, enough.Token);
        var first = await Task.WhenAny(call, delay).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return first == call || call.IsCompleted;
    }

    /// <summary>Sees to it that a failure which nobody awaits does not count as unobserved.</summary>
    internal static void Forget(Task task) => _ = task.ContinueWith(
        static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static Exception? FailureOf(Task ended) =>
        ended.IsCanceled ? new TaskCanceledException(ended) : ended.Exception?.InnerException;
}
