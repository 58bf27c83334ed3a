using FluentEventStore.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.Hosting;

/// <summary>Adds the services of one store to those of an application.</summary>
internal static class StoreRegistration
{
    public static EventStoreBuilder Add(IServiceCollection services, string? key, Action<IServiceProvider, EventStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var plan = Find(services, key);
        if (plan is null)
        {
            plan = new StorePlan(key);
            AddServices(services, plan);
        }
        else if (plan.Configure is not null && configure is not null)
        {
            throw new InvalidOperationException(
                $"Twice, {plan} is added with options, and would be two stores in one. Set more options with "
                    + (key is null ? "ConfigureEventStore" : "ConfigureKeyedEventStore")
                    + ", or add a second store with a key of its own: AddKeyedFluentEventStore.");
        }

        plan.Configure ??= configure;
        return new EventStoreBuilder(services, plan);
    }

    public static void AddDaemon(IServiceCollection services, StorePlan plan, DaemonMode mode)
    {
        services.AddKeyedSingleton(plan.Key, (provider, _) => provider.GetRequiredKeyedService<IEventStore>(plan.Key).BuildDaemon(mode));
        services.AddSingleton<IHostedService>(provider => new DaemonService(provider, plan));
    }

    private static StorePlan? Find(IServiceCollection services, string? key) =>
        services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance)
            .OfType<StorePlan>()
            .FirstOrDefault(plan => plan.Key == key);

    // With a null key, these are the services without a key.
    private static void AddServices(IServiceCollection services, StorePlan plan)
    {
        services.AddSingleton(plan);
        services.TryAddSingleton<RootProvider>();
        services.TryAddScoped<PageOfScope>();
        services.TryAddScoped<ScopedHandlers>();
        services.AddKeyedSingleton(plan.Key, (provider, _) => StoreMaking.Make(provider, plan));
        services.AddKeyedSingleton<IEventStore>(plan.Key, (provider, _) => provider.GetRequiredKeyedService<MadeStore>(plan.Key).Store);
        services.AddKeyedScoped<IEventStoreSessions>(plan.Key, (provider, _) => ScopedSessions.Of(provider, plan.Key));
        services.AddKeyedScoped(plan.Key, (provider, _) => provider.GetRequiredKeyedService<IEventStoreSessions>(plan.Key).Session);
        services.AddKeyedScoped(plan.Key, (provider, _) => provider.GetRequiredKeyedService<IEventStoreSessions>(plan.Key).QuerySession);
        services.AddSingleton<IHostedService>(provider => new StoreStart(provider, plan));
    }
}
