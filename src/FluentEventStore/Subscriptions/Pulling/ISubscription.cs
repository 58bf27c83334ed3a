namespace FluentEventStore;

/// <summary>
/// A subscription whose events the application takes when it wants them. What is stored of it is as for declared ones: it is looked at,
/// paused, rewound and deleted by <see cref="IStoreSubscriptions"/>. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Events come at least once: what was not answered when the process ends or loses the range comes again, and so does what was answered and
/// not yet written. All that are opened with one name, in one process or several, share its ranges. Disposing it writes what was answered
/// and gives the ranges to the others at once; enumerations under way end, and later answers throw an
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>The name that its progress is stored under.</summary>
    string Name { get; }

    /// <summary>
    /// Gives the events, each to one of those who enumerate. Of a key, an event comes when the one before it is done. Nothing is read as
    /// long as nobody enumerates, or <see cref="SubscriptionOptions.BufferSize"/> deliveries are not answered.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration. What it has given out may still be answered.</param>
    /// <exception cref="SubscriptionStoppedException">
    /// All of its ranges stopped at events that cannot be delivered, or another version has taken it over. As long as one of its ranges
    /// goes on, so does this; once it is resumed, it can be enumerated again.
    /// </exception>
    /// <exception cref="SubscriptionNotFoundException">It was deleted.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    IAsyncEnumerable<Delivery> ReadAsync(CancellationToken cancellationToken = default);
}
