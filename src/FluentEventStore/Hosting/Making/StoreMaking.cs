using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FluentEventStore.Hosting;

/// <summary>Makes a store of what the configuration and the parts of an application say of it.</summary>
internal static class StoreMaking
{
    /// <exception cref="EventStoreConfigurationException">Something of that is wrong.</exception>
    public static MadeStore Make(IServiceProvider provider, StorePlan plan)
    {
        var options = new EventStoreOptions();
        var faults = new Faults();
        if (provider.GetService<ILoggerFactory>() is { } loggers)
            options.LoggerFactory = loggers;

        if (provider.GetService<IConfiguration>() is { } configuration)
            faults.All.AddRange(StoreConfiguration.Read(configuration, plan.Key, KeysOf(provider), options));

        foreach (var configure in SettingsOf(provider, plan))
            faults.Try(() => configure(provider, options));

        if (!options.SaysWhereToConnect && FindDataSource(provider, plan.Key) is { } dataSource)
            options.DataSource(dataSource);

        if (!options.SaysWhereToConnect)
            faults.All.Add(new ConfigurationFault(nameof(options.Connection), WhereToConnect(plan.Key)));

        var store = default(EventStore);
        if (faults.All.Count == 0)
            faults.Try(() => store = EventStore.Of(options));

        return store is not null
            ? new MadeStore(store, options.Startup)
            : throw new EventStoreConfigurationException(plan.Key ?? "", faults.All, faults.First);
    }

    private static IEnumerable<Action<IServiceProvider, EventStoreOptions>> SettingsOf(IServiceProvider provider, StorePlan plan)
    {
        if (plan.Configure is not null)
            yield return plan.Configure;

        foreach (var setting in provider.GetServices<StoreSetting>().Where(setting => setting.Key == plan.Key))
            yield return setting.Configure;
    }

    private static IEnumerable<string> KeysOf(IServiceProvider provider) =>
        provider.GetServices<StorePlan>().Select(static plan => plan.Key).OfType<string>();

    private static NpgsqlDataSource? FindDataSource(IServiceProvider provider, string? key) =>
        (key is null ? null : provider.GetKeyedService<NpgsqlDataSource>(key)) ?? provider.GetService<NpgsqlDataSource>();

    private static string WhereToConnect(string? key) =>
        $"nothing says where to connect: set {StoreConfiguration.SectionOf(key)}:ConnectionString or :ConnectionName, call "
            + "options.Connection(text), or add an NpgsqlDataSource to the services.";

    private sealed class Faults
    {
        public List<ConfigurationFault> All { get; } = [];

        /// <summary>The first one that was thrown, for its stack.</summary>
        public Exception? First { get; private set; }

        public void Try(Action set)
        {
            try
            {
                set();
            }
            catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
            {
                First ??= failure;
                All.Add(new ConfigurationFault((failure as ArgumentException)?.ParamName ?? "options", failure.Message));
            }
        }
    }
}
