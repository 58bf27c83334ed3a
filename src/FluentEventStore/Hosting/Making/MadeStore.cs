namespace FluentEventStore.Hosting;

/// <summary>A store as the host made it, whatever the application puts in its place or around it.</summary>
/// <param name="Store">The store.</param>
/// <param name="Startup">How long its start waits.</param>
internal sealed record MadeStore(EventStore Store, StartupOptions Startup) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
