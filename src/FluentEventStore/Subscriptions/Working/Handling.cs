using System.Diagnostics;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using FluentEventStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Hands events of one range to the handler, and keeps what it did with its session until that is committed or undone. A session sees only
/// what is committed: so if the handler reads, what it did for an event is committed before it is handed the next one.
/// </summary>
internal sealed class Handling(Declaration declaration, Workplace place, SubscriptionTelemetry telemetry, TenantShares? shares)
    : IAsyncDisposable
{
    /// <summary>After how much time what was handled is committed, so that little is repeated if the process ends.</summary>
    private static readonly TimeSpan LongestPage = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a call whose time is over may take to end.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private StoreContext? _context;
    private PageSession? _session;
    private AsyncServiceScope? _scope;
    private int _handled;
    private bool _reads;
    private bool _wasTouched;
    private bool _sawStale;
    private bool _isAbandoned;
    private bool _isLeft;

    /// <summary>Up to where events count as replayed.</summary>
    public long ReplayedTo { get; set; }

    /// <summary>What was done and is not committed; <see langword="null"/> if nothing was.</summary>
    public PageSession? Touched => _session is { IsTouched: true } ? _session : null;

    /// <summary>Hands events to the handler.</summary>
    /// <param name="step">The events.</param>
    /// <param name="describe">Says what the handler is told of each.</param>
    /// <param name="isStopping">Whether the worker is to end after the event at hand.</param>
    /// <param name="cancellationToken">Ends the handler.</param>
    public async Task<HandlingResult> RunAsync(
        WorkStep.Handle step, DescribeCall describe, Func<bool> isStopping, CancellationToken cancellationToken)
    {
        var started = place.WaitClock.GetTimestamp();
        var handled = 0;
        while (handled < step.Items.Count)
        {
            var item = step.Items[handled];
            var length = declaration.Handling.TakesPages ? LengthOfPage(step.Items) : 1;
            if (handled > 0 && (MustCommitBefore(item) || isStopping() || place.WaitClock.GetElapsedTime(started) > LongestPage))
                break;

            shares?.Give(item.Event.TenantId.Value, place.Flush.Now);
            (_wasTouched, _sawStale, _isAbandoned) = (Touched is not null, false, false);
            var failure = item.Unusable ?? await WatchAsync(step.Items, handled, length, describe, cancellationToken).ConfigureAwait(false);
            if (_sawStale)
            {
                // It read for the first time while changes for earlier events waited, which it could not see.
                await Undo().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                (handled, started) = (0, place.WaitClock.GetTimestamp());
                continue;
            }

            if (failure is not null)
            {
                await Undo().ConfigureAwait(false);
                _handled = _wasTouched ? 0 : handled;
                return new HandlingResult(handled, failure, IsUndone: _wasTouched, _isAbandoned);
            }

            handled += length;
            if (declaration.Handling.TakesPages)
                break;
        }

        _handled = handled;
        return new HandlingResult(handled);
    }

    /// <summary>What was handled is written down.</summary>
    public void Count()
    {
        telemetry.Handled(_handled);
        _handled = 0;
    }

    /// <summary>Drops what was done and is not committed.</summary>
    public async ValueTask Undo()
    {
        var (session, scope) = (_session, _scope);
        (_session, _scope) = (null, null);
        if (scope is { } services)
            await End(services).ConfigureAwait(false);

        if (session is not null)
            await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The worker is left behind in the call at hand. Its session is over; it may be in use, and is not disposed here.</summary>
    public void Leave() => Volatile.Write(ref _isLeft, true);

    public ValueTask DisposeAsync() => Undo();

    /// <summary>
    /// How many of the events a handler gets at once that takes pages. A page has one tenant, because its session has, and holds nothing
    /// new beside what is replayed.
    /// </summary>
    public int LengthOfPage(IReadOnlyList<WorkItem> items)
    {
        var length = 0;
        var most = Math.Min(items.Count, declaration.Handling.MostOfPage);
        while (length < most && items[length].Unusable is null && IsLike(items[length], items[0]))
            length++;

        return Math.Max(length, 1);
    }

    public bool IsReplay(WorkItem item) => item.Position <= ReplayedTo;

    private bool IsLike(WorkItem item, WorkItem first) =>
        declaration.TenantOf(item.Event) == declaration.TenantOf(first.Event) && IsReplay(item) == IsReplay(first);

    private bool MustCommitBefore(WorkItem item) =>
        Touched is { } session && (_reads || session.TenantId != declaration.TenantOf(item.Event));

    private ValueTask<WorkFailure?> WatchAsync(
        IReadOnlyList<WorkItem> items, int index, int length, DescribeCall describe, CancellationToken cancellationToken) =>
        SubscriptionTelemetry.IsTimed
            ? TimeAsync(items, index, length, describe, cancellationToken)
            : CallAsync(items, index, length, describe, cancellationToken);

    private async ValueTask<WorkFailure?> TimeAsync(
        IReadOnlyList<WorkItem> items, int index, int length, DescribeCall describe, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var failure = await CallAsync(items, index, length, describe, cancellationToken).ConfigureAwait(false);
        telemetry.Called(began, declaration.Handling.TakesPages ? null : items[index].Event.TypeName, failure?.ErrorType);
        return failure;
    }

    private async ValueTask<WorkFailure?> CallAsync(
        IReadOnlyList<WorkItem> items,
        int index,
        int length,
        DescribeCall describe,
        CancellationToken cancellationToken)
    {
        var item = items[index];
        var tenantId = declaration.TenantOf(item.Event);
        var ending = declaration.HandlerTimeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (isBegun, isOver) = (false, false);
        if (_scope is not null && _session?.TenantId != tenantId)
            await Undo().ConfigureAwait(false);

        IReadOnlyList<IEvent> events = declaration.Handling.TakesPages
            ? [.. items.Skip(index).Take(length).Select(static one => one.Event)]
            : [item.Event];
        var context = describe(item, Session, Services, ending?.Token ?? cancellationToken);
        try
        {
            // A handler may block its thread before it returns a task.
            var call = declaration.HandlerTimeout is null
                ? declaration.Handling.Handle(events, context)
                : OwnFlow.Run(() => declaration.Handling.Handle(events, context));
            if (await IsLateAsync(call, ending, cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new WorkFailure(
                    FailureKind.HandlerTimedOut,
                    Exception: null,
                    $"The handler took longer than {declaration.HandlerTimeout}{(_isAbandoned ? ", and has not ended yet" : "")}.");
            }

            await call.ConfigureAwait(false);
            if (isBegun)
                _session!.End();

            return null;
        }
        catch (Exception failure)
        {
            return failure is ObjectDisposedException && place.Scopes is { AreOver: true }
                ? new WorkFailure(FailureKind.Outage, failure)
                : Failures.OfHandler(failure, cancellationToken.IsCancellationRequested);
        }
        finally
        {
            isOver = true;

            // One that is left behind may still be told.
            if (!_isAbandoned)
                ending?.Dispose();
        }

        IDocumentSession Session()
        {
            if (isOver || Volatile.Read(ref _isLeft))
                throw new ObjectDisposedException(nameof(SubscriptionContext), "The call of the handler is over, and its session with it.");

            if (isBegun)
                return _session!;

            if (_session is { } other && other.TenantId != tenantId)
                other.Dispose();

            if (_session is null || _session.TenantId != declaration.TenantOf(item.Event))
                _session = new PageSession(_context ??= place.ContextOf(NoteReading), tenantId);

            _session.Begin(events);
            isBegun = true;
            return _session;
        }

        IServiceProvider? Services()
        {
            if (place.Scopes is not { } scopes)
                return null;

            // What is resolved may write with the session, whether the handler asks for it or not.
            var session = Session();
            return (_scope ??= scopes.Open(session)).ServiceProvider;
        }
    }

    // What services throw at their end concerns no event: the page is committed or undone by then.
    private async Task End(AsyncServiceScope scope)
    {
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            SubscriptionLog.ScopeFailed(place.Database.Telemetry, declaration.Name, failure);
        }
    }

    // A handler that is to end with its worker gets no more time than one whose time is over.
    private async Task<bool> IsLateAsync(Task call, CancellationTokenSource? ending, CancellationToken cancellationToken)
    {
        if (call.IsCompleted || await EndsInTimeAsync(call, cancellationToken).ConfigureAwait(false))
            return false;

        // What is told to end may take its time on the thread that tells it, or throw.
        _ = ending?.CancelAsync().ContinueWith(
            static told => told.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        if (!await EndsWithinAsync(call, Grace, CancellationToken.None).ConfigureAwait(false))
        {
            _isAbandoned = true;
            _ = call.ContinueWith(
                static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        return true;
    }

    private async Task<bool> EndsInTimeAsync(Task call, CancellationToken cancellationToken)
    {
        if (declaration.HandlerTimeout is { } limit)
            return await EndsWithinAsync(call, limit, cancellationToken).ConfigureAwait(false);

        await call.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.IsCompleted;
    }

    private async Task<bool> EndsWithinAsync(Task call, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (call.IsCompleted)
            return true;

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(limit, place.WaitClock, enough.Token);
        var first = await Task.WhenAny(call, delay).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return first == call;
    }

    private void NoteReading()
    {
        _sawStale |= _wasTouched;
        _reads = true;
    }
}
