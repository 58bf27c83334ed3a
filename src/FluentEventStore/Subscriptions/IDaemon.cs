namespace FluentEventStore;

/// <summary>Carries the declared subscriptions of a store in this process.</summary>
public interface IDaemon : IAsyncDisposable
{
    /// <summary>Begins. Subscriptions that are not there yet are created. If it throws, it may be called again.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="SchemaMismatchException">The schema of the store does not exist or is not up to date.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until all declared subscriptions have handled everything that is in the log, and what their handlers appended meanwhile. For
    /// tests: where others append all the time, it may not end.
    /// </summary>
    /// <exception cref="SubscriptionStoppedException">
    /// One of them is paused or faulted before that. A parked key is none: its later events wait, and the others are handled.
    /// </exception>
    /// <exception cref="InvalidOperationException">The daemon is not running.</exception>
    Task CatchUpAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Derives a projection anew from the beginning of the log, and waits until that serves. Sessions go on reading what served before
    /// until then. It goes on if the wait is cancelled, or the process ends: <see cref="IStoreProjections"/> shows it and ends it.
    /// </summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="IStoreProjections.RebuildAsync" path="/exception"/>
    /// <exception cref="SubscriptionStoppedException">An event of the log cannot be handled.</exception>
    Task RebuildAsync(string projection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends after the events at hand, writes down what was handled, and gives everything up to other processes at once.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the handlers too, whose events are handled again later. One that does not end within a second is left behind.
    /// </param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
