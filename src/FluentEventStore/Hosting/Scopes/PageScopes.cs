using FluentEventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.Hosting;

/// <inheritdoc cref="IPageScopes"/>
/// <param name="services">Those of the application as a whole.</param>
/// <param name="key">The key of the store.</param>
internal sealed class PageScopes(IServiceProvider services, string? key) : IPageScopes
{
    public bool AreOver
    {
        get
        {
            try
            {
                services.GetService<RootProvider>();
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public AsyncServiceScope Open(IDocumentSession session)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<PageOfScope>().Begin(key, session);
        return scope;
    }

    /// <summary>Makes each handler once, so that what one lacks shows at the start and not at its first event.</summary>
    /// <exception cref="InvalidOperationException">Something that a handler takes is not among the services.</exception>
    public async Task CheckAsync(IEventStore store, IEnumerable<Declaration> subscriptions, CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (subscription.Handling.Resolve is not { } resolve)
                continue;

            var session = store.OpenSession();
            await using var _ = session.ConfigureAwait(false);
            var scope = Open(session);
            await using var __ = scope.ConfigureAwait(false);
            try
            {
                resolve(scope.ServiceProvider);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException(
                    $"The handler of subscription '{subscription.Name}' cannot be made: {failure.Message}", failure);
            }
        }
    }
}
