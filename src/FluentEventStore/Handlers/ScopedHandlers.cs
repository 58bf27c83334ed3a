using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Handlers;

/// <summary>
/// The event handlers of a scope of services: one of each type. Those that are not among the services are made, and end with it.
/// </summary>
internal sealed class ScopedHandlers(IServiceProvider services) : IAsyncDisposable
{
    private readonly Dictionary<Type, IEventHandler> _made = [];

    /// <exception cref="InvalidOperationException">Something that the constructor takes is not among the services.</exception>
    public IEventHandler Get<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventHandler
    {
        if (services.GetService<T>() is { } registered)
            return registered;

        if (!_made.TryGetValue(typeof(T), out var handler))
            _made.Add(typeof(T), handler = ActivatorUtilities.CreateInstance<T>(services));

        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var handler in _made.Values)
        {
            if (handler is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (handler as IDisposable)?.Dispose();
        }
    }
}
