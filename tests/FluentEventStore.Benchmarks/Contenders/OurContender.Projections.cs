using System.Globalization;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;
using Npgsql;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : IProjecting
{
    private readonly HashSet<int> _spread = [];

    public async Task FillSpreadLogAsync(int streams, int events)
    {
        if (!_spread.Add(events))
            return;

        await using EventStore log = OpenSpread(events);
        await log.Schema.ApplyAsync();
        Guid[] ids = Seeds.NewIds(streams);
        ImportReport report = await log.Transfer.ImportAsync(Spread().ToAsyncEnumerable());
        Seeds.Expect(events, (int)report.Imported);
        await FilledLog.TendAsync(connectionString);

        IEnumerable<ImportedEvent> Spread()
        {
            Payment[] payments = Payment.Take(1000);
            for (var index = 0; index < events; index++)
            {
                Payment payment = payments[index % payments.Length];
                yield return new ImportedEvent(ids[index % streams], (index / streams) + 1, payment)
                {
                    Id = Guid.CreateVersion7(),
                    Timestamp = payment.At,
                };
            }
        }
    }

    public async Task<long> ProjectAsync(int events)
    {
        await using (EventStore log = OpenSpread(events))
        {
            await using IDaemon daemon = log.BuildDaemon();
            await daemon.StartAsync();
            if ((await log.Projections.StatusAsync()).All(static one => one.Position == 0))
                await daemon.CatchUpAsync();
            else
                await daemon.RebuildAsync("balance");
        }

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand(
            $"select sum((data ->> 'payments')::bigint)::bigint from {SpreadSchema(events)}.doc_balance", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static string SpreadSchema(int events) => string.Create(CultureInfo.InvariantCulture, $"{Schema}_spread_{events}");

    private EventStore OpenSpread(int events) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = SpreadSchema(events);
        options.Projections.Add<BalanceProjection>(ProjectionLifecycle.Async);
    });
}
