namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Hands events to a handler as they are appended.</summary>
internal interface IDelivering
{
    /// <summary>Starts a daemon with a subscription to what is appended from now on.</summary>
    /// <param name="acrossStores">
    /// Whether another store than the appending one carries it, with connections of its own, as another process would.
    /// </param>
    /// <returns>Ends it.</returns>
    Task<IAsyncDisposable> CarryAsync(bool acrossStores);

    /// <summary>Appends an event, and ends when the handler has seen it.</summary>
    Task DeliverAsync();
}
