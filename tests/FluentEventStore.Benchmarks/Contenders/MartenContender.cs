using JasperFx;
using Marten;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// Marten as its documentation recommends: System.Text.Json, lightweight sessions, its default (quick) append, Guid streams, a schema that is
/// applied before and not looked at again.
/// </summary>
internal sealed partial class MartenContender(string connectionString) : IContender
{
    private const string Schema = "marten";

    private readonly DocumentStore _store = Build(connectionString, AutoCreate.None);

    public string Name => Names.Marten;

    public string Settings => $"Marten {typeof(DocumentStore).Assembly.GetName().Version?.ToString(3)}: System.Text.Json, lightweight sessions, "
        + $"append mode {_store.Options.Events.AppendMode}, schema applied before (AutoCreate.None)";

    public async Task StartAsync()
    {
        await using DocumentStore installer = Build(connectionString, AutoCreate.All);
        await installer.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static DocumentStore Build(string connectionString, AutoCreate autoCreate) => DocumentStore.For(options =>
    {
        options.Connection(connectionString);
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = autoCreate;
        options.UseSystemTextJsonForSerialization();
        options.DisableNpgsqlLogging = true;
        options.Events.AddEventType<Payloads.Payment>();
        options.Schema.For<Payloads.PaymentDocument>();
        options.Projections.LiveStreamAggregation<Payloads.RivalLedger>();
    });
}
