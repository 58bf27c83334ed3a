namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Each test moves whole stores, so each has two of its own.</summary>
public abstract class TwoStoresTests(PostgresServer server) : IAsyncLifetime
{
    protected BankStore Source { get; } = new(server);

    protected BankStore Target { get; } = new(server);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Source.InitializeAsync();
        await Target.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    protected async Task<(byte[] File, ExportReport Report)> ExportAsync(BankStore? store = null, ExportOptions? options = null)
    {
        using var output = new MemoryStream();
        var report = await (store ?? Source).Store.Transfer.ExportAsync(output, options ?? new ExportOptions(), Token);
        return (output.ToArray(), report);
    }

    protected Task<ImportReport> ImportAsync(byte[] file, ImportOptions? options = null) =>
        Target.Store.Transfer.ImportAsync(
            new MemoryStream(file), options ?? new ImportOptions { ChunkSize = 500 }, cancellationToken: Token);

    protected static async Task<string> DescribeAsync(BankStore store) => await store.ExecuteAsync("""
        select string_agg(
          concat_ws(
            '|', s.tenant, s.id, e.version, e.id, e.type, e.type_version, e.recorded_at, e.data, e.correlation_id, e.causation_id,
            e.user_name, e.headers),
          E'\n' order by e.position)
        from {schema}.events e join {schema}.streams s on s.key = e.stream
        """) as string ?? "";

    protected static async Task<string> DescribeStreamsAsync(BankStore store) => (string)(await store.ExecuteAsync("""
        select string_agg(
          concat_ws('|', tenant, id, version, aggregate_type, created_at, appended_at, state, truncated_before),
          E'\n' order by tenant, id)
        from {schema}.streams
        """))!;
}
