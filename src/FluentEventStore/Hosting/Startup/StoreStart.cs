using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Hosting;

/// <summary>Makes a store ready before anything else of the application is started.</summary>
internal sealed class StoreStart(IServiceProvider services, StorePlan plan) : IHostedLifecycleService
{
    private static readonly TimeSpan PauseForSchema = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _log = StartLog.Of(services);

    /// <exception cref="EventStoreConfigurationException">The store, or another one, is configured wrongly.</exception>
    /// <exception cref="AggregateException">Several stores are: one of the former for each.</exception>
    /// <exception cref="DatabaseUnavailableException">The database could not be reached.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        StoreMaking.MakeAll(services);
        var store = services.GetRequiredKeyedService<IEventStore>(plan.Key);
        var patience = services.GetRequiredKeyedService<MadeStore>(plan.Key).Startup;
        var database = DatabaseAwaiting.Of(services, plan);
        await (plan.Schema switch
        {
            SchemaStep.Apply => database.RunAsync(token => store.Schema.ApplyAsync(token), cancellationToken),
            SchemaStep.Await => AwaitSchemaAsync(store, patience.SchemaPatience, database, cancellationToken),
            SchemaStep.Assert => database.RunAsync(token => store.Schema.AssertAsync(token), cancellationToken),
            _ => Task.CompletedTask,
        }).ConfigureAwait(false);

        foreach (var seed in plan.Seeds)
            await database.RunAsync(token => SeedAsync(store, seed, token), cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AwaitSchemaAsync(
        IEventStore store, TimeSpan limit, DatabaseAwaiting database, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        var isFirst = true;
        while (true)
        {
            try
            {
                await database.RunAsync(token => store.Schema.AssertAsync(token), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (SchemaMismatchException) when (limit == Timeout.InfiniteTimeSpan || TimeProvider.System.GetElapsedTime(since) < limit)
            {
                if (isFirst)
                    _log.WaitingForSchema(plan.ToString());

                isFirst = false;
            }

            await Task.Delay(PauseForSchema, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SeedAsync(IEventStore store, StoreSeed seed, CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var isWritten = seed.TenantId is { } tenantId
            ? store.SeedAsync(seed.Name, tenantId, WriteAsync, cancellationToken)
            : store.SeedAsync(seed.Name, WriteAsync, cancellationToken);
        if (await isWritten.ConfigureAwait(false))
            _log.Seeded(plan.ToString(), seed.Name);

        Task WriteAsync(IDocumentSession session, CancellationToken token) => seed.Write(scope.ServiceProvider, session, token);
    }
}
