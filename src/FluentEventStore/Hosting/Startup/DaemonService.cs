using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.Hosting;

/// <summary>Carries the subscriptions of a store while the application runs. By the time it starts, all stores are ready.</summary>
internal sealed class DaemonService(IServiceProvider services, StorePlan plan) : IHostedService
{
    private readonly IDaemon _daemon = services.GetRequiredKeyedService<IDaemon>(plan.Key);

    /// <exception cref="DatabaseUnavailableException">The database could not be reached.</exception>
    /// <exception cref="InvalidOperationException">A handler cannot be made.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await MadeStore.Of(services, plan.Key).CheckHandlers(cancellationToken).ConfigureAwait(false);
        await DatabaseAwaiting.Of(services, plan).RunAsync(_daemon.StartAsync, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _daemon.StopAsync(cancellationToken);
}
