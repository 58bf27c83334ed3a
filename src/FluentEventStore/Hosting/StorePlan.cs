using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.Hosting;

/// <summary>What an application says of one of its stores: how it is made, and what happens at the start.</summary>
internal sealed class StorePlan(string? key)
{
    public string? Key { get; } = key;

    /// <summary>What the store was added with; <see langword="null"/> if the configuration says it all.</summary>
    public Action<IServiceProvider, EventStoreOptions>? Configure { get; private set; }

    /// <summary>What is done with the schema at the start; <see langword="null"/> for nothing.</summary>
    public SchemaStep? Schema { get; private set; }

    public List<StoreSeed> Seeds { get; } = [];

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
                $"{plan} is added twice, each time with options, and would be two stores in one. Set more options with "
                    + (key is null ? "ConfigureEventStore" : "ConfigureKeyedEventStore")
                    + ", or add a second store with a key of its own: AddKeyedFluentEventStore.");
        }

        plan.Configure ??= configure;
        return new EventStoreBuilder(services, plan);
    }

    /// <exception cref="InvalidOperationException">Something else is to be done with it.</exception>
    public void Do(SchemaStep step)
    {
        if (Schema is { } other && other != step)
            throw new InvalidOperationException(
                $"{this} is to {Name(other)} its schema and to {Name(step)} for it at the start: choose one of them.");

        Schema = step;
    }

    public override string ToString() => Key is null ? "The event store" : $"The event store '{Key}'";

    private static StorePlan? Find(IServiceCollection services, string? key) =>
        services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance)
            .OfType<StorePlan>()
            .FirstOrDefault(plan => plan.Key == key);

    private static string Name(SchemaStep step) => step switch
    {
        SchemaStep.Apply => "apply",
        SchemaStep.Await => "wait",
        _ => "assert",
    };

    // With a null key, these are the services without a key.
    private static void AddServices(IServiceCollection services, StorePlan plan)
    {
        services.AddSingleton(plan);
        services.TryAddSingleton<RootProvider>();
        services.AddKeyedSingleton(plan.Key, (provider, _) => StoreMaking.Make(provider, plan));
        services.AddKeyedSingleton<IEventStore>(plan.Key, (provider, _) => provider.GetRequiredKeyedService<MadeStore>(plan.Key).Store);
        services.AddKeyedScoped<IEventStoreSessions>(plan.Key, (provider, _) => ScopedSessions.Of(provider, plan));
        services.AddKeyedScoped(plan.Key, (provider, _) => provider.GetRequiredKeyedService<IEventStoreSessions>(plan.Key).Session);
        services.AddKeyedScoped(plan.Key, (provider, _) => provider.GetRequiredKeyedService<IEventStoreSessions>(plan.Key).QuerySession);
        services.AddSingleton<IHostedService>(provider => new StoreStart(provider, plan));
    }
}
