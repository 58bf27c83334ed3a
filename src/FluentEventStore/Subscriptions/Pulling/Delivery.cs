namespace FluentEventStore;

/// <summary>
/// An event that a pulled subscription has handed out, until it is answered. The first answer counts. Answers return at once: what they say
/// is written with the next checkpoint (<see cref="SubscriptionOptions.CheckpointAfterCount"/>).
/// </summary>
public sealed class Delivery
{
    private readonly Action<DeliveryAnswer> _answered;
    private int _isAnswered;

    /// <summary>A delivery, for tests of consumers.</summary>
    /// <param name="event">The event.</param>
    /// <param name="answered">Told the first answer.</param>
    public Delivery(IEvent @event, Action<DeliveryAnswer> answered)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(answered);
        (Event, _answered) = (@event, answered);
    }

    /// <summary>The event.</summary>
    public IEvent Event { get; }

    /// <summary>Which delivery of this event it is, as far as this process knows.</summary>
    /// <value>1 for the first; one more for each <see cref="RetryAsync"/>.</value>
    public int Attempt { get; init; } = 1;

    /// <inheritdoc cref="SubscriptionContext.IsReplay"/>
    public bool IsReplay { get; init; }

    /// <inheritdoc cref="SubscriptionContext.FencingToken"/>
    public long FencingToken { get; init; }

    /// <summary>The event is done.</summary>
    /// <param name="cancellationToken">If it is cancelled before the call, nothing is answered.</param>
    /// <exception cref="InvalidOperationException">The delivery was answered before. Nothing has changed.</exception>
    /// <exception cref="FencedException">
    /// The range went to another process, or was paused or changed as a whole: the event comes again, there or here.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The subscription was disposed: the event comes again.</exception>
    public Task AckAsync(CancellationToken cancellationToken = default) =>
        Answer(new DeliveryAnswer(DeliveryAnswerKind.Ack, TimeSpan.Zero, Reason: null), cancellationToken);

    /// <summary>
    /// Has the event delivered again. Until then later events of its key wait. One that is to wait longer than 30 seconds is parked
    /// meanwhile, so that it does not hold the checkpoint, unless too many keys are parked.
    /// </summary>
    /// <param name="after">After how long: 0 to 365 days.</param>
    /// <param name="cancellationToken">If it is cancelled before the call, nothing is answered.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task RetryAsync(TimeSpan after, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(after, TimeSpan.FromDays(365));
        return Answer(new DeliveryAnswer(DeliveryAnswerKind.Retry, after, Reason: null), cancellationToken);
    }

    /// <summary>The event is passed over, which the audit records.</summary>
    /// <param name="reason">Why: not empty.</param>
    /// <param name="cancellationToken">If it is cancelled before the call, nothing is answered.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task SkipAsync(string reason, CancellationToken cancellationToken = default) =>
        Answer(new DeliveryAnswer(DeliveryAnswerKind.Skip, TimeSpan.Zero, Checked(reason)), cancellationToken);

    /// <summary>
    /// The event is parked, and later events of its key wait behind it until the key is replayed or dropped by
    /// <see cref="IStoreSubscriptions"/>.
    /// </summary>
    /// <param name="reason">Why: not empty.</param>
    /// <param name="cancellationToken">If it is cancelled before the call, nothing is answered.</param>
    /// <inheritdoc cref="AckAsync" path="/exception"/>
    public Task ParkAsync(string reason, CancellationToken cancellationToken = default) =>
        Answer(new DeliveryAnswer(DeliveryAnswerKind.Park, TimeSpan.Zero, Checked(reason)), cancellationToken);

    private Task Answer(DeliveryAnswer answer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        try
        {
            if (Interlocked.Exchange(ref _isAnswered, 1) != 0)
                throw new InvalidOperationException("The delivery was answered before, and the first answer counts.");

            _answered(answer);
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
