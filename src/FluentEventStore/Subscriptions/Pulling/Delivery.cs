using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>
/// An event that a pulled subscription has handed out, until it is answered. The first answer counts. Answers return at once: what they say
/// is written with the next checkpoint (<see cref="SubscriptionOptions.CheckpointAfterCount"/>).
/// </summary>
public sealed class Delivery
{
    private readonly PulledSubscription _subscription;
    private readonly PullRun _run;
    private readonly PullEntry _entry;
    private int _isAnswered;

    internal Delivery(PulledSubscription subscription, PullRun run, PullEntry entry, int attempt, bool isReplay, long fencingToken)
    {
        (_subscription, _run, _entry) = (subscription, run, entry);
        (Attempt, IsReplay, FencingToken) = (attempt, isReplay, fencingToken);
    }

    /// <summary>The event.</summary>
    public IEvent Event => _entry.Item.Event;

    /// <summary>Which delivery of this event it is, as far as this process knows.</summary>
    /// <value>1 for the first; one more for each <see cref="RetryAsync"/>.</value>
    public int Attempt { get; }

    /// <inheritdoc cref="SubscriptionContext.IsReplay"/>
    public bool IsReplay { get; }

    /// <inheritdoc cref="SubscriptionContext.FencingToken"/>
    public long FencingToken { get; }

    /// <summary>The event is done.</summary>
    /// <exception cref="InvalidOperationException">The delivery was answered before. Nothing has changed.</exception>
    /// <exception cref="FencedException">
    /// The range went to another process, or was paused or changed as a whole: the event comes again, there or here.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The subscription was disposed: the event comes again.</exception>
    public Task AckAsync() => AnswerAsync(new PullAnswer(PullAnswerKind.Ack));

    /// <summary>
    /// Has the event delivered again. Until then later events of its key wait. One that is to wait longer than 30 seconds is parked
    /// meanwhile, so that it does not hold the checkpoint, unless too many keys are parked.
    /// </summary>
    /// <param name="after">After how long: 0 to 365 days.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task RetryAsync(TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(after, TimeSpan.FromDays(365));
        return AnswerAsync(new PullAnswer(PullAnswerKind.Retry, after));
    }

    /// <summary>The event is passed over, which the audit records.</summary>
    /// <param name="reason">Why: not empty.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task SkipAsync(string reason) => AnswerAsync(new PullAnswer(PullAnswerKind.Skip, Reason: Checked(reason)));

    /// <summary>
    /// The event is parked, and later events of its key wait behind it until the key is replayed or dropped by
    /// <see cref="IStoreSubscriptions"/>.
    /// </summary>
    /// <param name="reason">Why: not empty.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task ParkAsync(string reason) => AnswerAsync(new PullAnswer(PullAnswerKind.Park, Reason: Checked(reason)));

    private Task AnswerAsync(PullAnswer answer)
    {
        try
        {
            _subscription.ThrowIfDisposed();
            if (Interlocked.Exchange(ref _isAnswered, 1) != 0)
                throw new InvalidOperationException("The delivery was answered before, and the first answer counts.");

            _run.Answer(_entry, answer);
            return Task.CompletedTask;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Task.FromException(failure);
        }
    }

    private static string Checked(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StorableText.Check(reason, nameof(reason));
        return reason;
    }
}
