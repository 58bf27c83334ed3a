using JasperFx;
using Marten;
using Npgsql;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// Marten as its documentation recommends: System.Text.Json, lightweight sessions, its default (quick) append, Guid streams, a schema that
/// is applied before and not looked at again.
/// </summary>
internal sealed partial class MartenContender(string name, string connectionString) : IContender
{
    private readonly DocumentStore _store = Build(name, connectionString, AutoCreate.None);

    public string Name => name;

    public string Settings =>
        $"{name}: Marten {typeof(DocumentStore).Assembly.GetName().Version?.ToString(3)}: System.Text.Json, lightweight sessions, "
        + $"append mode {_store.Options.Events.AppendMode}, schema applied before (AutoCreate.None); "
        + $"its daemon is told of appends by NOTIFY, asks every {Poll.TotalMilliseconds:0} ms besides, and reads pages of {Batch:N0}";

    /// <summary>
    /// The same on connections that prepare statements and are not reset. Its documentation does not ask for that, but its users can do it.
    /// </summary>
    public static MartenContender Tuned(string connectionString) => new(
        Names.TunedMarten,
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 100, NoResetOnClose = true }.ConnectionString);

    public async Task StartAsync()
    {
        await using DocumentStore installer = Build(name, connectionString, AutoCreate.All);
        await installer.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();

        await _store.DisposeAsync();
    }

    private static string SchemaOf(string name) => name.Replace(' ', '_').ToLowerInvariant();

    private static DocumentStore Build(string name, string connectionString, AutoCreate autoCreate) => DocumentStore.For(options =>
    {
        Configure(options, connectionString, autoCreate);
        options.DatabaseSchemaName = SchemaOf(name);
    });

    private static void Configure(StoreOptions options, string connectionString, AutoCreate autoCreate)
    {
        options.Connection(connectionString);
        options.AutoCreateSchemaObjects = autoCreate;
        options.UseSystemTextJsonForSerialization();
        options.DisableNpgsqlLogging = true;
        options.Events.AddEventType<Payloads.Payment>();
        options.Schema.For<Payloads.PaymentDocument>();
        options.Projections.LiveStreamAggregation<Payloads.RivalLedger>();
    }
}
