namespace FluentEventStore;

/// <summary>The subscriptions of a store, whichever processes carry them. Safe for use by several threads.</summary>
/// <remarks>
/// What changes them throws a <see cref="CommitOutcomeUnknownException"/> if the connection broke while that was committed:
/// <see cref="StatusAsync"/> and <see cref="ListParkedAsync(string, CancellationToken)"/> say whether it was.
/// </remarks>
public interface IStoreSubscriptions
{
    /// <summary>How far all subscriptions are, and what they do. Two round trips.</summary>
    Task<IReadOnlyList<SubscriptionStatus>> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a subscription that delivers everything, from the beginning.</summary>
    /// <inheritdoc cref="OpenAsync(string, SubscriptionOptions, CancellationToken)"/>
    Task<ISubscription> OpenAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a subscription whose events the application takes itself, and creates it if it is not there. Whoever opens the same name, in
    /// this process or others, shares its ranges.
    /// </summary>
    /// <param name="name">What its progress is stored under: 1 to 250 characters, without control characters.</param>
    /// <param name="options">What it delivers, and how.</param>
    /// <param name="cancellationToken">Cancels the opening, not the subscription.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long, holds a control character or a lone surrogate, or is that of a subscription that the store declares; or
    /// the filter does not go with one stream.
    /// </exception>
    /// <exception cref="SubscriptionMismatchException">It is stored with another filter, partition or version.</exception>
    /// <exception cref="SchemaMismatchException">The schema of the store does not exist or is not up to date.</exception>
    Task<ISubscription> OpenAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pauses a subscription until <see cref="ResumeAsync(string, CancellationToken)"/>, whatever starts or stops meanwhile. Once this has
    /// returned, no event is handed to its handler; only a call that takes longer than <see cref="DeclaredSubscriptions.Lease"/> may still
    /// be under way, and what it writes with its session is refused.
    /// </summary>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    Task PauseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pauses one tenant of a database that tenants share, until it is resumed; all others go on. Its keys do not move, and nothing of it
    /// is handled meanwhile, as with <see cref="PauseAsync(string, CancellationToken)"/>.
    /// </summary>
    /// <remarks>
    /// The tenant gets ranges of its own (<see cref="SubscriptionRangeStatus.TenantId"/>). They are joined with those of the others once
    /// the tenant was resumed and has caught up.
    /// </remarks>
    /// <param name="name">The subscription.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    Task PauseAsync(string name, TenantId tenantId, CancellationToken cancellationToken = default);

    /// <summary>Lets a tenant go on that was paused alone or that failed while it had ranges of its own.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="tenantId">The tenant. One that has no ranges of its own is left as it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    Task ResumeAsync(string name, TenantId tenantId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves one tenant back: its events after the position are handled again, once, while all others go on. Keys of it that were parked
    /// after that do not wait any more. A tenant that is paused stays paused.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="position">0 or more. Ranges that are before it stay where they are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    Task RewindAsync(string name, TenantId tenantId, long position, CancellationToken cancellationToken = default);

    /// <summary>Lets a paused subscription go on, or a faulted one try the event again that it stopped at.</summary>
    /// <inheritdoc cref="PauseAsync(string, CancellationToken)" path="/exception"/>
    Task ResumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a subscription back: events after the position are handled again, once. Keys that were parked after it do not wait any more.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="position">0 or more. Ranges that are before it stay where they are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <inheritdoc cref="PauseAsync(string, CancellationToken)" path="/exception"/>
    Task RewindAsync(string name, long position, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets a subscription to a position, in whichever direction, and forgets which event it handled last. This is the way out if the log
    /// is not the one that it handled (<see cref="FailureKind.LogForked"/>), once somebody has found out what that means for its effects.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="position">0 or more; events after it are handled next.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <inheritdoc cref="PauseAsync(string, CancellationToken)" path="/exception"/>
    Task ResetAsync(string name, long position, CancellationToken cancellationToken = default);

    /// <summary>Splits the widest ranges of a subscription, so that more of its events can be handled at the same time.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="ranges">How many there are to be at least: 1 to 64.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many there are.</returns>
    /// <inheritdoc cref="PauseAsync(string, CancellationToken)" path="/exception"/>
    Task<int> SplitAsync(string name, int ranges, CancellationToken cancellationToken = default);

    /// <summary>
    /// Merges ranges of a subscription. Before that, all of them are brought to one position: those that are ahead stop, and the others
    /// catch up. So it must be carried meanwhile.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="ranges">How many there are to be at most: 1 to 64.</param>
    /// <param name="cancellationToken">Ends the wait; the ranges go on as they were.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="SubscriptionNotFoundException">There is none.</exception>
    /// <exception cref="SubscriptionStoppedException">A range that is behind is paused or faulted.</exception>
    Task<int> MergeAsync(string name, int ranges, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes by which key the events of a subscription stay in order, as <see cref="Partition.Name"/> says it. Before that, processes
    /// that declare the old one bring all ranges to one position; afterwards those that declare the new one carry it.
    /// </summary>
    /// <param name="name">The subscription.</param>
    /// <param name="partition">The name of the new partition.</param>
    /// <param name="cancellationToken">Ends the wait; the ranges go on as they were.</param>
    /// <exception cref="InvalidOperationException">Keys are parked: which keys they would be is not known.</exception>
    /// <inheritdoc cref="MergeAsync" path="/exception"/>
    Task RepartitionAsync(string name, string partition, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a subscription with its progress and its parked keys. A daemon that declares it creates it anew when it starts.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists the keys of a subscription whose events wait, those that have waited longest first: at most 100.</summary>
    Task<IReadOnlyList<ParkedKey>> ListParkedAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists the keys of a subscription whose events wait, those that have waited longest first.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="after">Keys that wait from a later position than this: that of the last one of the page before; 0 at first.</param>
    /// <param name="maxCount">How many: 1 or more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<ParkedKey>> ListParkedAsync(
        string name, long after, int maxCount, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the events of a parked key handled, in their order; once none of them waits any more, the key is free. If one fails, the key
    /// stays parked from there on: each call is one try. The process that carries the key does it, within about a second.
    /// </summary>
    /// <returns>Whether the key is parked.</returns>
    Task<bool> ReplayParkedAsync(ParkedKey key, CancellationToken cancellationToken = default);

    /// <summary>Has the first events of a parked key handled, as <see cref="ReplayParkedAsync(ParkedKey, CancellationToken)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="maxCount">How many events: 1 or more. Those behind them wait on.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the key is parked.</returns>
    Task<bool> ReplayParkedAsync(ParkedKey key, int maxCount, CancellationToken cancellationToken = default);

    /// <summary>Has the events of all parked keys of a subscription handled.</summary>
    /// <returns>Of how many keys.</returns>
    Task<int> ReplayParkedAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Has the events of parked keys handled, of those first that have waited longest.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="maxKeys">Of how many keys: 1 or more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Of how many keys.</returns>
    Task<int> ReplayParkedAsync(string name, int maxKeys, CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops the event of a parked key that failed: it is never handled, which the audit records with the reason. The events behind it are
    /// handled, as by <see cref="ReplayParkedAsync(ParkedKey, CancellationToken)"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="reason">Why: not empty.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// Whether the key waits from the event that <paramref name="key"/> names. If it does not, since somebody else has replayed or dropped
    /// it, nothing is dropped.
    /// </returns>
    Task<bool> DropParkedAsync(ParkedKey key, string reason, CancellationToken cancellationToken = default);

    /// <summary>Drops the first events of a parked key, beginning with the one that failed.</summary>
    /// <inheritdoc cref="DropParkedAsync(ParkedKey, string, CancellationToken)"/>
    /// <param name="key">The key.</param>
    /// <param name="reason">Why: not empty.</param>
    /// <param name="maxCount">How many events: 1 or more; <see cref="int.MaxValue"/> for all that wait.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<bool> DropParkedAsync(ParkedKey key, string reason, int maxCount, CancellationToken cancellationToken = default);

    /// <summary>The position before the first settled event that is not older than a time; the settled end if there is none.</summary>
    /// <remarks>Timestamps come from the clocks of writers, so later events may be older.</remarks>
    Task<long> PositionAtAsync(DateTimeOffset instant, CancellationToken cancellationToken = default);
}
