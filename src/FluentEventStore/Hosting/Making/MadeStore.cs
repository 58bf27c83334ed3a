using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Hosting;

/// <summary>A store as the host made it, whatever the application puts in its place or around it.</summary>
/// <param name="Store">The store.</param>
/// <param name="Startup">How long its start waits.</param>
/// <param name="CheckHandlers">Finds out whether the handlers of its subscriptions can be made.</param>
internal sealed record MadeStore(EventStore Store, StartupOptions Startup, Func<CancellationToken, Task> CheckHandlers)
    : IAsyncDisposable, IDisposable
{
    /// <summary>The store of a key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static MadeStore Of(IServiceProvider services, string? key) =>
        services.GetKeyedService<MadeStore>(key) ?? throw new InvalidOperationException(key is null
            ? "There is no event store without a key: call AddFluentEventStore(), or name the key of another store."
            : $"There is no event store '{key}': call AddKeyedFluentEventStore(\"{key}\").");

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    public void Dispose() => Store.Dispose();
}
