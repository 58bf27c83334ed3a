namespace FluentEventStore;

/// <summary>The subscriptions of a store, whichever processes carry them. Safe for use by several threads.</summary>
public interface IStoreSubscriptions
{
    /// <summary>How far all subscriptions are, and what they do. Two round trips.</summary>
    Task<IReadOnlyList<SubscriptionStatus>> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Pauses a subscription: once this has returned, none of its pages is committed until <see cref="ResumeAsync"/>, whatever starts or
    /// stops meanwhile.
    /// </summary>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    Task PauseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lets a paused subscription go on, or a faulted one try the event again that it stopped at.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task ResumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a subscription back: events after the position are handled again, once. Keys that were parked after it do not wait any more.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="position">0 or more. Ranges that are before it stay where they are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task RewindAsync(string name, long position, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets a subscription to a position, in whichever direction, and forgets which event it handled last. This is the way out if the log
    /// is not the one that it handled (<see cref="FailureKind.LogForked"/>), once somebody has found out what that means for its effects.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="position">0 or more; events after it are handled next.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task ResetAsync(string name, long position, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a subscription with its progress and its parked keys. A daemon that declares it creates it anew when it starts.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>The position before the first settled event that is not older than a time; the settled end if there is none.</summary>
    /// <remarks>Timestamps come from the clocks of writers, so later events may be older.</remarks>
    Task<long> PositionAtAsync(DateTimeOffset instant, CancellationToken cancellationToken = default);
}
