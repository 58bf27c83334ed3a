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
        var scopes = new PageScopes(provider, plan.Key);
        options.Subscriptions.Scopes = scopes;
        options.Messages.Scopes = scopes;
        if (provider.GetService<ILoggerFactory>() is { } loggers)
            options.LoggerFactory = loggers;

        if (provider.GetService<IConfiguration>() is { } configuration)
            faults.All.AddRange(StoreConfiguration.Read(configuration, plan.Key, KeysOf(provider), options));

        foreach (var configure in SettingsOf(provider, plan))
            faults.TryAnything(() => configure(provider, options));

        if (!options.SaysWhereToConnect && FindDataSource(provider, plan.Key) is { } dataSource)
            options.DataSource(dataSource);

        if (!options.SaysWhereToConnect)
            faults.All.Add(new ConfigurationFault(nameof(options.Connection), WhereToConnect(plan.Key)));

        var store = default(EventStore);
        if (faults.All.Count == 0)
            faults.Try(() => store = EventStore.Of(options));

        return store is not null
            ? new MadeStore(store, options.Startup, token => scopes.CheckAsync(store, options.Subscriptions.All, token))
            : throw new EventStoreConfigurationException(plan.Key ?? "", faults.All, faults.First);
    }

    /// <summary>Makes all stores of an application, so that all that is wrong with any of them is told at once.</summary>
    /// <exception cref="EventStoreConfigurationException">Something of one store is wrong.</exception>
    /// <exception cref="AggregateException">Something of several stores is wrong: one of the former for each.</exception>
    public static void MakeAll(IServiceProvider provider)
    {
        List<EventStoreConfigurationException> failures = [];
        foreach (var plan in provider.GetServices<StorePlan>())
        {
            try
            {
                provider.GetRequiredKeyedService<MadeStore>(plan.Key);
            }
            catch (EventStoreConfigurationException failure)
            {
                // What concerns no store is found by each of them.
                ConfigurationFault[] others = [.. failure.Faults.Except(failures.SelectMany(static other => other.Faults))];
                if (others.Length > 0)
                    failures.Add(new EventStoreConfigurationException(failure.Store, others, failure.InnerException));
            }
        }

        if (failures.Count > 0)
            throw failures is [var only] ? only : new AggregateException(failures);
    }

    private static IEnumerable<Action<IServiceProvider, EventStoreOptions>> SettingsOf(IServiceProvider provider, StorePlan plan)
    {
        if (plan.Configure is not null)
            yield return plan.Configure;

        foreach (var setting in provider.GetServices<StoreSetting>().Where(setting => setting.Key == plan.Key))
            yield return setting.Configure;
    }

    private static IEnumerable<string?> KeysOf(IServiceProvider provider) =>
        provider.GetServices<StorePlan>().Select(static plan => plan.Key);

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

        /// <summary>Runs code of the library, of which these exceptions tell what is wrong with an option.</summary>
        public void Try(Action set) => Try(set, static failure => failure is ArgumentException or InvalidOperationException);

        /// <summary>Runs code of the application.</summary>
        public void TryAnything(Action set) => Try(set, static failure => failure is not OperationCanceledException);

        private void Try(Action set, Func<Exception, bool> isFault)
        {
            try
            {
                set();
            }
            catch (Exception failure) when (isFault(failure))
            {
                First ??= failure;
                All.Add(new ConfigurationFault((failure as ArgumentException)?.ParamName ?? "options", failure.Message));
            }
        }
    }
}
