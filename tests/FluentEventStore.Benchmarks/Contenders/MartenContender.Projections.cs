using System.Globalization;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;
using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Npgsql;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class MartenContender : IProjecting
{
    private readonly HashSet<int> _spread = [];

    public async Task FillSpreadLogAsync(int streams, int events)
    {
        if (!_spread.Add(events))
            return;

        await using DocumentStore log = await OpenSpreadAsync(events);
        Guid[] ids = Seeds.NewIds(streams);
        Payment[] payments = Payment.Take(1000);
        for (var begun = 0; begun < events; begun += 1000)
        {
            await using var session = log.LightweightSession();
            for (var index = begun; index < Math.Min(begun + 1000, events); index++)
                session.Events.Append(ids[index % streams], payments[index % payments.Length]);

            await session.SaveChangesAsync();
        }

        await FilledLog.TendAsync(connectionString);
    }

    public async Task<long> ProjectAsync(int events)
    {
        await using DocumentStore log = await OpenSpreadAsync(events);
        using (IProjectionDaemon daemon = await log.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync<RivalBalanceProjection>(TimeSpan.FromMinutes(10), CancellationToken.None);

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand(
            $"select sum((data ->> 'payments')::bigint)::bigint from {log.Options.DatabaseSchemaName}.mt_doc_rivalbalance", connection);
        var sum = await count.ExecuteScalarAsync();
        return sum is long held
            ? held
            : (long)(await new NpgsqlCommand(
                $"select sum((data ->> 'Payments')::bigint)::bigint from {log.Options.DatabaseSchemaName}.mt_doc_rivalbalance",
                connection).ExecuteScalarAsync())!;
    }

    private async Task<DocumentStore> OpenSpreadAsync(int events)
    {
        DocumentStore store = DocumentStore.For(options =>
        {
            Configure(options, connectionString, AutoCreate.All);
            options.DatabaseSchemaName = string.Create(CultureInfo.InvariantCulture, $"{SchemaOf(name)}_spread_{events}");
            options.Projections.Add<RivalBalanceProjection>(JasperFx.Events.Projections.ProjectionLifecycle.Async);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }
}
