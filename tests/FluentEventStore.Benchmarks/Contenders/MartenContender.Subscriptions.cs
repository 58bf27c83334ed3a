using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;
using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace FluentEventStore.Benchmarks.Contenders;

// With what makes it fastest: its daemon is told of appends by NOTIFY and asks often besides, pages are large, and what is handed out lies
// in a log of its own.
internal sealed partial class MartenContender : ICatchingUp, IDelivering
{
    private const int Batch = 5_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private long _logged;
    private Deliveries? _deliveries;

    public async Task FillLogAsync(int streams, int eventsOfEach)
    {
        if (_logged > 0)
            return;

        await using DocumentStore log = await OpenAsync("log", subscription: null);
        Payment[] payments = Payment.Take(eventsOfEach);
        foreach (Guid[] some in Seeds.NewIds(streams).Chunk(60))
        {
            await using var session = log.LightweightSession();
            foreach (Guid stream in some)
                session.Events.StartStream(stream, (IEnumerable<object>)payments);

            await session.SaveChangesAsync();
        }

        await FilledLog.TendAsync(connectionString);
        _logged = streams * eventsOfEach;
    }

    public async Task<long> CatchUpAsync()
    {
        var counting = new Counting(_logged);
        await using DocumentStore log = await OpenAsync("log", counting);
        using IProjectionDaemon daemon = await log.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        var counted = await counting.Enough;
        await daemon.StopAllAsync();
        return counted;
    }

    public async Task<IAsyncDisposable> CarryAsync(bool acrossStores)
    {
        var seeing = new Seeing();
        DocumentStore carrying = await OpenAsync("deliver", seeing);
        DocumentStore appending = acrossStores ? await OpenAsync("deliver", subscription: null) : carrying;
        IProjectionDaemon daemon = await carrying.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        Payment[] payments = Payment.Take(1);
        return _deliveries = await new Deliveries(AppendAsync, seeing.Arrival, StopAsync).WarmUpAsync();

        async Task AppendAsync(Guid stream)
        {
            await using var session = appending.LightweightSession();
            session.Events.StartStream(stream, (IEnumerable<object>)payments);
            await session.SaveChangesAsync();
        }

        async ValueTask StopAsync()
        {
            await daemon.StopAllAsync();
            daemon.Dispose();
            await carrying.DisposeAsync();
            if (appending != carrying)
                await appending.DisposeAsync();
        }
    }

    public Task DeliverAsync() => _deliveries!.DeliverAsync();

    private async Task<DocumentStore> OpenAsync(string kind, SubscriptionBase? subscription)
    {
        DocumentStore store = DocumentStore.For(options =>
        {
            Configure(options, connectionString, AutoCreate.All);
            options.DatabaseSchemaName = $"{SchemaOf(name)}_{kind}";
            options.Events.UseListenNotifyForEventAppends = true;
            options.Projections.AsyncMode = JasperFx.Events.Daemon.DaemonMode.Solo;
            options.Projections.FastPollingTime = Poll;
            options.Projections.SlowPollingTime = Poll;
            if (subscription is not null)
            {
                options.Events.Subscribe(subscription, one =>
                {
                    one.Name = $"s{Guid.NewGuid():N}";
                    one.Options.BatchSize = Batch;
                    one.Options.MaximumHopperSize = 10 * Batch;
                    if (subscription is Seeing)
                        one.Options.SubscribeFromPresent();
                });
            }
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }

    private sealed class Counting(long enough) : SubscriptionBase
    {
        private readonly TaskCompletionSource<long> _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _count;

        public Task<long> Enough => _enough.Task;

        public override Task<IChangeListener> ProcessEventsAsync(
            EventRange page,
            ISubscriptionController controller,
            Marten.IDocumentOperations operations,
            CancellationToken cancellationToken)
        {
            // One by one, as ours gets them.
            foreach (var _ in page.Events)
                _count++;

            if (_count >= enough)
                _enough.TrySetResult(_count);

            return Task.FromResult(NullChangeListener.Instance);
        }
    }

    private sealed class Seeing : SubscriptionBase
    {
        public Arrival Arrival { get; } = new();

        public override Task<IChangeListener> ProcessEventsAsync(
            EventRange page,
            ISubscriptionController controller,
            Marten.IDocumentOperations operations,
            CancellationToken cancellationToken)
        {
            foreach (var @event in page.Events)
                Arrival.Take(@event.StreamId.ToString());

            return Task.FromResult(NullChangeListener.Instance);
        }
    }
}
