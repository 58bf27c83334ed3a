using Microsoft.Extensions.Configuration;

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
    /// <param name="keys">The keys of all stores of the application, <see langword="null"/> for one without a key.</param>
    /// <param name="options">What is set.</param>
    /// <returns>What is wrong with it.</returns>
    public static IReadOnlyList<ConfigurationFault> Read(
        IConfiguration configuration, string? key, IEnumerable<string?> keys, EventStoreOptions options)
    {
        var reading = new StoreConfiguration(configuration, options);
        reading.Read(configuration.GetSection(SectionOf(key)), reading.Settings());
        reading.CheckStores(configuration.GetSection(Root), [.. keys]);
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
        ["Notifications"] = section => _options.Events.Notifications = ConfigurationText.ReadSwitch(section.Value!),
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
        if (store.Path != Root)
            CheckIsSection(store);

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
        else if (settings.Keys.Any(known => known.StartsWith(name + ':', StringComparison.OrdinalIgnoreCase)))
            ReadGroup(store, section, settings);
        else
            Fault(section, $"is not known. Known are {string.Join(", ", settings.Keys.Order(StringComparer.Ordinal))}.");
    }

    private void ReadGroup(
        IConfigurationSection store, IConfigurationSection group, Dictionary<string, Action<IConfigurationSection>> settings)
    {
        CheckIsSection(group);
        foreach (var child in group.GetChildren())
            Read(store, child, settings);
    }

    private void CheckStores(IConfigurationSection root, string?[] keys)
    {
        CheckIsSection(root);
        var stores = root.GetSection(Stores);
        CheckIsSection(stores);
        foreach (var section in stores.GetChildren().Where(section => !keys.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
            Fault(section, $"is for no store: AddKeyedFluentEventStore(\"{section.Key}\") adds one.");

        if (keys.Contains(null))
            return;

        foreach (var section in root.GetChildren().Where(static one => !one.Key.Equals(Stores, StringComparison.OrdinalIgnoreCase)))
            Fault(section, $"is for no store: AddFluentEventStore() adds one without a key; those of others are in {Root}:{Stores}.");
    }

    // An empty list is an empty text.
    private void CheckIsSection(IConfigurationSection section)
    {
        if (!string.IsNullOrEmpty(section.Value))
            Fault(section, "is a value, and should be a section.");
    }

    private void Try(IConfigurationSection section, Action<IConfigurationSection> set)
    {
        if (section.GetChildren().Any())
        {
            Fault(section, "is a section, and should be a value.");
            return;
        }

        if (string.IsNullOrWhiteSpace(section.Value))
        {
            Fault(section, "is empty.");
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
        // It may hold a password, and what follows would show it.
        if (section.Value!.Contains('=', StringComparison.Ordinal))
        {
            Fault(section, "is a connection string, and should be the name of one: ConnectionString takes the text itself.");
            return;
        }

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
        if (EventStoreOptions.FaultOfConnection(connectionString) is { } fault)
            Fault(section, fault);

        _options.Connection(connectionString);
    }

    private static void Switch(IConfigurationSection section, Action turnOn)
    {
        if (ConfigurationText.ReadSwitch(section.Value!))
            turnOn();
    }

    private void Fault(IConfigurationSection section, string reason) => _faults.Add(new ConfigurationFault(section.Path, reason));
}
