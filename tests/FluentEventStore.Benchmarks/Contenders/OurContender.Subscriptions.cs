using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : ISharing, IDelivering
{
    private bool _isLogFilled;
    private Deliveries? _deliveries;

    public async Task FillLogAsync(int streams, int eventsOfEach)
    {
        if (_isLogFilled)
            return;

        await using EventStore log = OpenLog(static _ => { });
        await log.Schema.ApplyAsync();
        Guid[] ids = Seeds.NewIds(streams);
        ImportReport report = await log.Transfer.ImportAsync(Describe(ids, Payment.Take(eventsOfEach)).ToAsyncEnumerable());
        Seeds.Expect(streams * eventsOfEach, (int)report.Imported);
        await FilledLog.TendAsync(connectionString);
        _isLogFilled = true;
    }

    public Task<long> CatchUpAsync() => CatchUpAsync(1);

    public async Task<long> CatchUpAsync(int subscriptions)
    {
        var count = 0L;
        await using EventStore log = OpenLog(declared =>
        {
            for (var number = 0; number < subscriptions; number++)
                declared.Add($"count-{Guid.NewGuid()}", subscription => subscription.Handle((_, _) =>
                {
                    Interlocked.Increment(ref count);
                    return Task.CompletedTask;
                }));
        });
        await using IDaemon daemon = log.BuildDaemon();
        await daemon.StartAsync();
        await daemon.CatchUpAsync();
        return count;
    }

    public async Task HandleSlowlyAsync(int partitions, int events)
    {
        var count = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EventStore log = OpenLog(declared => declared.Add(
            $"slow-{Guid.NewGuid()}",
            subscription => subscription.PartitionByStream(partitions).Handle(async (_, _) =>
            {
                await Task.Delay(1);
                if (Interlocked.Increment(ref count) == events)
                    enough.SetResult();
            })));
        await using IDaemon daemon = log.BuildDaemon();
        await daemon.StartAsync();
        await enough.Task;
    }

    public async Task<IAsyncDisposable> CarryAsync(bool acrossStores)
    {
        var arrival = new Arrival();
        EventStore carrying = Open(Schema, declared => declared.Add(
            $"deliver-{Guid.NewGuid()}",
            subscription => subscription.FromPresent().Handle((@event, _) =>
            {
                arrival.Take(@event.StreamId.Value);
                return Task.CompletedTask;
            })));
        IDaemon daemon = carrying.BuildDaemon();
        await daemon.StartAsync();
        await daemon.CatchUpAsync();
        EventStore appending = acrossStores ? _store : carrying;
        Payment[] payments = Payment.Take(1);
        return _deliveries = await new Deliveries(AppendAsync, arrival, carrying.DisposeAsync).WarmUpAsync();

        async Task AppendAsync(Guid stream)
        {
            await using IDocumentSession session = appending.OpenSession();
            session.Events.StartStream(stream, payments);
            await session.SaveChangesAsync();
        }
    }

    public Task DeliverAsync() => _deliveries!.DeliverAsync();

    private EventStore OpenLog(Action<DeclaredSubscriptions> declare) => Open($"{Schema}_log", declare);

    private EventStore Open(string schema, Action<DeclaredSubscriptions> declare) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = schema;
        declare(options.Subscriptions);
    });
}
