using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FluentEventStore.Hosting;

/// <summary>Reads the options of a store from the configuration of an application.</summary>
/// <remarks>A table of what may stand there, instead of a binder: nothing is reflected over, and what is misspelt is found.</remarks>
internal sealed class StoreConfiguration
{
    private const string Root = "FluentEventStore";
    private const string Stores = "Stores";

    private readonly IConfiguration _configuration;
    private readonly EventStoreOptions _options;
    private readonly List<ConfigurationFault> _faults = [];
    private string? _connectionFrom;

    private StoreConfiguration(IConfiguration configuration, EventStoreOptions options) =>
        (_configuration, _options) = (configuration, options);

    /// <summary>The section of a store.</summary>
    public static string SectionOf(string? key) => key is null ? Root : $"{Root}:{Stores}:{key}";

    /// <summary>Sets what the configuration says of a store.</summary>
    /// <param name="configuration">That of the application.</param>
    /// <param name="key">The key of the store; <see langword="null"/> if it has none.</param>
    /// <param name="keys">The keys of all stores of the application.</param>
    /// <param name="options">What is set.</param>
    /// <returns>What is wrong with it.</returns>
    public static IReadOnlyList<ConfigurationFault> Read(
        IConfiguration configuration, string? key, IEnumerable<string> keys, EventStoreOptions options)
    {
        var reading = new StoreConfiguration(configuration, options);
        reading.Read(configuration.GetSection(SectionOf(key)), reading.Settings());
        reading.CheckStores(configuration.GetSection($"{Root}:{Stores}"), keys);
        return reading._faults;
    }

    private Dictionary<string, Action<IConfigurationSection>> Settings() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ConnectionString"] = section => Connect(section, section.Value!),
        ["ConnectionName"] = ConnectByName,
        ["Schema"] = section => _options.Schema = section.Value!,
        ["CommandTimeout"] = section => _options.CommandTimeout = ConfigurationText.ReadTime(section.Value!),
        ["PgBouncer"] = section => Switch(section, () => _options.PgBouncer()),
        ["QueryOnStandby"] = section => Switch(section, () => _options.QueryOnStandby()),
        ["MaxBytesOfEvent"] = section => _options.Events.MaxBytesOfEvent = ConfigurationText.ReadNumber(section.Value!),
        ["GroupCommit:IsEnabled"] = section => _options.Events.GroupCommit.IsEnabled = ConfigurationText.ReadSwitch(section.Value!),
        ["GroupCommit:Lanes"] = section => _options.Events.GroupCommit.Lanes = ConfigurationText.ReadNumber(section.Value!),
        ["GroupCommit:MaxUnits"] = section => _options.Events.GroupCommit.MaxUnits = ConfigurationText.ReadNumber(section.Value!),
        ["GroupCommit:MaxEventsOfUnit"] =
            section => _options.Events.GroupCommit.MaxEventsOfUnit = ConfigurationText.ReadNumber(section.Value!),
        ["Startup:DatabasePatience"] = section => _options.Startup.DatabasePatience = ConfigurationText.ReadTime(section.Value!),
        ["Startup:SchemaPatience"] = section => _options.Startup.SchemaPatience = ConfigurationText.ReadTime(section.Value!),
    };

    private void Read(IConfigurationSection store, Dictionary<string, Action<IConfigurationSection>> settings)
    {
        foreach (var section in store.GetChildren())
        {
            if (store.Path != Root || !section.Key.Equals(Stores, StringComparison.OrdinalIgnoreCase))
                Read(store, section, settings);
        }
    }

    private void Read(
        IConfigurationSection store, IConfigurationSection section, Dictionary<string, Action<IConfigurationSection>> settings)
    {
        var name = section.Path[(store.Path.Length + 1)..];
        if (settings.TryGetValue(name, out var set))
            Try(section, set);
        else if (settings.Keys.Any(known => known.StartsWith(name + ':', StringComparison.OrdinalIgnoreCase)) && section.Value is null)
            foreach (var child in section.GetChildren())
                Read(store, child, settings);
        else
            Fault(section, $"is not known. Known are {string.Join(", ", settings.Keys.Order(StringComparer.Ordinal))}.");
    }

    private void CheckStores(IConfigurationSection stores, IEnumerable<string> keys)
    {
        foreach (var section in stores.GetChildren().Where(section => !keys.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
            Fault(section, $"is for no store: AddKeyedFluentEventStore(\"{section.Key}\") adds one.");
    }

    private void Try(IConfigurationSection section, Action<IConfigurationSection> set)
    {
        if (string.IsNullOrWhiteSpace(section.Value))
        {
            Fault(section, section.Value is null ? "is a section, and should be a value." : "is empty.");
            return;
        }

        try
        {
            set(section);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidOperationException)
        {
            Fault(section, failure.Message);
        }
    }

    private void ConnectByName(IConfigurationSection section)
    {
        var path = $"ConnectionStrings:{section.Value}";
        if (_configuration[path] is { Length: > 0 } connectionString)
            Connect(section, connectionString);
        else
            Fault(section, $"names a connection string that is missing: {path}.");
    }

    private void Connect(IConfigurationSection section, string connectionString)
    {
        if (_connectionFrom is { } other)
        {
            Fault(section, $"says where to connect, and so does {other}: choose one of them.");
            return;
        }

        _connectionFrom = section.Path;
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException failure)
        {
            // What cannot be read may be the password.
            Fault(section, failure.ParamName is { } part
                ? $"is no connection string of Npgsql: '{part}' is not known or has a wrong value."
                : "is no connection string of Npgsql.");
        }

        _options.Connection(connectionString);
    }

    private static void Switch(IConfigurationSection section, Action turnOn)
    {
        if (ConfigurationText.ReadSwitch(section.Value!))
            turnOn();
    }

    private void Fault(IConfigurationSection section, string reason) => _faults.Add(new ConfigurationFault(section.Path, reason));
}
