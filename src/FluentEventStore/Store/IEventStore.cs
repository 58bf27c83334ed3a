namespace FluentEventStore;

/// <summary>
/// A store of events and documents in one schema of one PostgreSQL database, or of one database for each tenant. Safe for use by several
/// threads; one instance serves the process.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>
    /// Brings the database in line with the store, or checks that it is. If tenants have databases of their own: those of all tenants.
    /// </summary>
    IStoreSchema Schema { get; }

    /// <summary>The events of all streams and tenants: follows them as they are committed, and says what holds readers back.</summary>
    /// <exception cref="InvalidOperationException">Tenants have databases of their own: use <see cref="DatabaseOf"/>.</exception>
    IEventLog Log { get; }

    /// <summary>Forgets the subjects of personal data, and masks recorded events.</summary>
    IStorePrivacy Privacy { get; }

    /// <summary>The subscriptions of the store: how far they are, and how they are paused, moved and removed.</summary>
    /// <inheritdoc cref="Log" path="/exception"/>
    IStoreSubscriptions Subscriptions { get; }

    /// <summary>The projections of the store that a daemon keeps: how far they are, and how they are rebuilt.</summary>
    /// <inheritdoc cref="Log" path="/exception"/>
    IStoreProjections Projections { get; }

    /// <summary>The messages that wait to be sent: what they wait for, and how they are tried at once or dropped.</summary>
    /// <inheritdoc cref="Log" path="/exception"/>
    IStoreMessages Messages { get; }

    /// <summary>Moves many events into the store and out of it.</summary>
    /// <inheritdoc cref="Log" path="/exception"/>
    IEventTransfer Transfer { get; }

    /// <summary>The database that holds a tenant. If tenants have none of their own, it is the one that all share.</summary>
    /// <remarks>
    /// Nothing is connected yet: a tenant without a database throws an <see cref="UnknownTenantException"/> at the first use.
    /// </remarks>
    ITenantDatabase DatabaseOf(TenantId tenantId);

    /// <summary>
    /// Waits until all projections that a daemon keeps hold what a commit wrote. If one does not get there by itself, because it is paused
    /// or faulted or has parked a key of the commit's streams, that ends the wait at once.
    /// </summary>
    /// <inheritdoc cref="WaitForAsync(Commit, string, TimeSpan, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="WaitForAsync(Commit, string, TimeSpan, CancellationToken)" path="/exception"/>
    Task WaitForAsync(Commit commit, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a subscription has handled what a commit wrote. If it does not get there by itself, because it is paused or faulted or
    /// has parked a key of the commit's streams, that ends the wait at once.
    /// </summary>
    /// <param name="commit">The commit. If it has no events, nothing is waited for.</param>
    /// <param name="subscription">The name of the subscription.</param>
    /// <param name="timeout">How long: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The time is over. The message says which one is behind, and why.</exception>
    /// <exception cref="SubscriptionStoppedException">One does not get there by itself.</exception>
    /// <exception cref="SubscriptionNotFoundException">There is none of a name.</exception>
    /// <inheritdoc cref="Log" path="/exception"/>
    Task WaitForAsync(Commit commit, string subscription, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WaitForAsync(Commit, string, TimeSpan, CancellationToken)"/>
    /// <param name="commit">The commit. If it has no events, nothing is waited for.</param>
    /// <param name="subscriptions">The names of the subscriptions.</param>
    /// <param name="timeout">How long: zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WaitForAsync(
        Commit commit, IReadOnlyCollection<string> subscriptions, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a daemon, which carries the declared subscriptions and sends messages in this process, from <see cref="IDaemon.StartAsync"/>
    /// on.
    /// </summary>
    /// <param name="mode">How it shares the work with daemons of other processes.</param>
    /// <remarks>
    /// If tenants have databases of their own, it carries the subscriptions in each, and lists the tenants again all the time
    /// (<see cref="DeclaredSubscriptions.TenantInterval"/>). All of a database is carried by one process. A database that cannot be
    /// reached is tried again with each listing, and keeps nobody from the others.
    /// </remarks>
    IDaemon BuildDaemon(DaemonMode mode);

    /// <summary>Makes a daemon that is the only one, as <see cref="BuildDaemon(DaemonMode)"/> with <see cref="DaemonMode.Solo"/>.</summary>
    IDaemon BuildDaemon();

    /// <summary>Opens a unit of work of <see cref="TenantId.Default"/>. No connection is taken before it reads or saves.</summary>
    IDocumentSession OpenSession();

    /// <summary>Opens a unit of work. No connection is taken before it reads or saves.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees.</param>
    IDocumentSession OpenSession(TenantId tenantId);

    /// <inheritdoc cref="OpenSession(TenantId)"/>
    /// <exception cref="ArgumentException">The options are <see cref="ExecutionOptions"/>, which no session keeps to.</exception>
    IDocumentSession OpenSession(SessionOptions options);

    /// <summary>Opens a session of <see cref="TenantId.Default"/> that only reads.</summary>
    IQuerySession OpenQuerySession();

    /// <summary>Opens a session that only reads.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees.</param>
    IQuerySession OpenQuerySession(TenantId tenantId);

    /// <summary>
    /// Loads an aggregate, has a decision made over it, and appends the resulting events, in a unit of work of its own. If somebody else
    /// appended meanwhile, the aggregate is loaded anew and decided over again, for as long as a statement may run. Executions of one
    /// process take turns.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="decide">
    /// Takes the aggregate, <see langword="null"/> if the stream has none or is archived or deleted, and returns the events to append. It
    /// may be called several times, and its side effects happen each time.
    /// </param>
    /// <param name="cancellationToken">Passed on to <paramref name="decide"/>; ends the execution.</param>
    /// <returns>What was written; nothing if there was no event.</returns>
    /// <exception cref="StreamVersionConflictException">
    /// Somebody else was faster each time, for as long as a statement may run (<see cref="EventStoreOptions.CommandTimeout"/>).
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The type is no aggregate, the id is <see langword="default"/>, or an event is null or of no event type.
    /// </exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// The connection broke, and nobody could be asked what became of the events until the time or the token ended.
    /// </exception>
    Task<Commit> ExecuteAsync<T>(
        StreamId streamId, Func<T?, CancellationToken, IEnumerable<object>> decide, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="ExecuteAsync{T}(StreamId, Func{T, CancellationToken, IEnumerable{object}}, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="decide">Takes the aggregate, and returns the events to append, as in the form without options.</param>
    /// <param name="options">How the session of each attempt is opened; <see cref="ExecutionOptions"/> say more.</param>
    /// <param name="cancellationToken">Passed on to <paramref name="decide"/>; ends the execution.</param>
    Task<Commit> ExecuteAsync<T>(
        StreamId streamId,
        Func<T?, CancellationToken, IEnumerable<object>> decide,
        SessionOptions options,
        CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="ExecuteAsync{T}(StreamId, Func{T, CancellationToken, IEnumerable{object}}, CancellationToken)"/>
    Task<Commit> ExecuteAsync<T>(
        StreamId streamId, Func<T?, CancellationToken, Task<IEnumerable<object>>> decide, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="ExecuteAsync{T}(StreamId, Func{T, CancellationToken, IEnumerable{object}}, SessionOptions, CancellationToken)"/>
    Task<Commit> ExecuteAsync<T>(
        StreamId streamId,
        Func<T?, CancellationToken, Task<IEnumerable<object>>> decide,
        SessionOptions options,
        CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Folds a stream by a decider, has it decide a command, and appends the resulting events, in a unit of work of its own. If somebody
    /// else appended meanwhile, the stream is folded anew and the command decided again, for as long as a statement may run. Executions of
    /// one process take turns.
    /// </summary>
    /// <param name="decider">What is decided; see <see cref="DeciderAttribute"/>.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Passed on to the decider; ends the execution.</param>
    /// <returns>What was written; nothing if there was no event.</returns>
    /// <exception cref="StreamVersionConflictException">
    /// Somebody else was faster each time, for as long as a statement may run (<see cref="EventStoreOptions.CommandTimeout"/>).
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The decider has no method for the command, the id is <see langword="default"/>, or an event is null or of no event type.
    /// </exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// The connection broke, and nobody could be asked what became of the events until the time or the token ended.
    /// </exception>
    Task<Commit> ExecuteAsync<TState>(
        IDecider<TState> decider, StreamId streamId, object command, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExecuteAsync{TState}(IDecider{TState}, StreamId, object, CancellationToken)"/>
    /// <param name="decider">What is decided; see <see cref="DeciderAttribute"/>.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="command">The command.</param>
    /// <param name="options">How the session of each attempt is opened; <see cref="ExecutionOptions"/> say more.</param>
    /// <param name="cancellationToken">Passed on to the decider; ends the execution.</param>
    Task<Commit> ExecuteAsync<TState>(
        IDecider<TState> decider, StreamId streamId, object command, SessionOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes what a store is to hold from the beginning, once: the first process that calls this with a name writes, in one transaction
    /// with the note that it did; later calls do nothing, and calls at the same time wait for the first.
    /// </summary>
    /// <param name="name">What tells the seed from others of the store: 1 to 250 characters.</param>
    /// <param name="seed">
    /// Fills the session, which is saved afterwards. It is called again if an earlier call failed, and then nothing of that was written.
    /// </param>
    /// <param name="cancellationToken">Cancels; nothing is written then.</param>
    /// <remarks>
    /// The session is one of <see cref="TenantId.Default"/>; if tenants have databases of their own, each database gets the seed, by a
    /// session of its tenant. Until the seed is written, readers of the log are held back.
    /// </remarks>
    /// <returns>Whether the seed was written by this call, in at least one database.</returns>
    /// <exception cref="SeedLockedException">
    /// Another process was seeding for longer than <see cref="StartupOptions.SchemaPatience"/>.
    /// </exception>
    /// <exception cref="SchemaMismatchException">The schema of the store does not exist or is not up to date.</exception>
    Task<bool> SeedAsync(
        string name, Func<IDocumentSession, CancellationToken, Task> seed, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes what a tenant is to hold from the beginning, once, as
    /// <see cref="SeedAsync(string, Func{IDocumentSession, CancellationToken, Task}, CancellationToken)"/> does for a store.
    /// </summary>
    /// <param name="name">
    /// What tells the seed from others of the store: 1 to 250 characters. Where tenants share a database, each needs a name of its own.
    /// </param>
    /// <param name="tenantId">The tenant of the session. If it has a database of its own, the seed goes there and nowhere else.</param>
    /// <param name="seed">
    /// Fills the session, which is saved afterwards. It is called again if an earlier call failed, and then nothing of that was written.
    /// </param>
    /// <param name="cancellationToken">Cancels; nothing is written then.</param>
    /// <returns>Whether the seed was written by this call.</returns>
    /// <exception cref="SeedLockedException">
    /// Another process was seeding for longer than <see cref="StartupOptions.SchemaPatience"/>.
    /// </exception>
    /// <exception cref="SchemaMismatchException">The schema of the store does not exist or is not up to date.</exception>
    /// <exception cref="UnknownTenantException">Tenants have databases of their own, but this one has none.</exception>
    Task<bool> SeedAsync(
        string name,
        TenantId tenantId,
        Func<IDocumentSession, CancellationToken, Task> seed,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the snapshots that <see cref="ProjectionOptions.SnapshotLive{T}()"/> keeps of an aggregate, of all tenants. Reading folds
    /// and keeps them anew.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentException">The type is no aggregate.</exception>
    Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Writes the missing snapshots of an aggregate, of all tenants: after
    /// <see cref="ProjectionOptions.Snapshot{T}(ProjectionLifecycle)"/> was added to a store that has events, or rows were deleted. Without
    /// this call, the next event of a stream writes its snapshot. It runs beside everything else, some streams at a time. After an
    /// interruption call it again.
    /// </summary>
    /// <param name="cancellationToken">Ends the filling; what was written stays.</param>
    /// <returns>How many streams were looked at: all but archived, deleted and linked ones.</returns>
    /// <exception cref="ArgumentException">The aggregate is not kept as an inline snapshot.</exception>
    /// <exception cref="AggregateIdException">A stream's aggregate has another id than the stream; a snapshot must not.</exception>
    Task<long> FillSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="FillSnapshotsAsync{T}(CancellationToken)"/>
    /// <param name="progress">Told how many streams were looked at so far.</param>
    /// <param name="cancellationToken">Ends the filling; what was written stays.</param>
    Task<long> FillSnapshotsAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Gives the streams of an aggregate, of all tenants, the natural keys that their events say, as far as they have none: after
    /// <see cref="NaturalKeyAttribute"/> was added to an aggregate whose streams have events. It runs beside everything else. After an
    /// interruption call it again.
    /// </summary>
    /// <param name="cancellationToken">Ends the filling; what was written stays.</param>
    /// <returns>What was written, and which streams have the key of another one: those are left without.</returns>
    /// <exception cref="ArgumentException">The type is no aggregate, or has no natural key.</exception>
    Task<NaturalKeyReport> FillNaturalKeysAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="FillNaturalKeysAsync{T}(CancellationToken)"/>
    /// <param name="progress">Told how many streams were looked at so far.</param>
    /// <param name="cancellationToken">Ends the filling; what was written stays.</param>
    Task<NaturalKeyReport> FillNaturalKeysAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Removes for ever, for all tenants, the events that were truncated, also in archived and deleted streams, and the events of active
    /// streams that <see cref="EventOptions.Retention"/> no longer keeps. It runs beside everything else, stream by stream. After an
    /// interruption call it again.
    /// </summary>
    /// <param name="cancellationToken">Ends the scrub; what was removed stays removed.</param>
    /// <inheritdoc cref="Log" path="/exception"/>
    Task<ScrubReport> ScrubAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ScrubAsync(CancellationToken)"/>
    /// <param name="progress">Told what was removed so far, after each stream that lost events.</param>
    /// <param name="cancellationToken">Ends the scrub; what was removed stays removed.</param>
    Task<ScrubReport> ScrubAsync(IProgress<ScrubReport> progress, CancellationToken cancellationToken = default);
}
