using FluentEventStore.PostgresTests.Models;

namespace FluentEventStore.Proofs.Projections;

/// <summary>Stores on one schema that keep different snapshots, as releases and tools of one application may.</summary>
public sealed class SnapshotStores : IAsyncDisposable
{
    /// <param name="bank">The schema.</param>
    /// <param name="time">The clock.</param>
    /// <param name="carriers">How many stores there are beside, whose daemons keep both.</param>
    public SnapshotStores(BankStore bank, TimeProvider time, int carriers = 0)
    {
        Keeper = Create(static options =>
        {
            options.Events.GroupCommit.CombinesFrom = 1;
            options.Projections.Snapshot<Tally>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<Watch>(ProjectionLifecycle.Inline);
        });
        Half = Create(static options =>
        {
            options.Events.GroupCommit.IsEnabled = false;
            options.Projections.Snapshot<Watch>(ProjectionLifecycle.Inline);
            options.Projections.SnapshotLive<Tally>(every: 3);
        });
        Live = Create(static options =>
        {
            options.Projections.SnapshotLive<Tally>(every: 2);
            options.Projections.SnapshotLive<Watch>(every: 2);
        });
        Bare = Create(static options => options.Events.GroupCommit.IsEnabled = false);
        Carriers = [.. Enumerable.Range(0, carriers).Select(_ => Create(static options =>
        {
            options.Projections.Snapshot<Tally>(ProjectionLifecycle.Async);
            options.Projections.Snapshot<Watch>(ProjectionLifecycle.Async);
        }))];
        All = [Keeper, Half, Live, Bare, .. Carriers];

        EventStore Create(Action<EventStoreOptions> configure) => EventStore.For(options =>
        {
            options.Connection($"{bank.ConnectionString};Maximum Pool Size=10");
            options.Schema = bank.Schema;
            options.TimeProvider = time;
            options.Events.AllowHardDelete = true;
            for (var number = 3; number < 1_000; number += 10)
                options.Events.Retention.ForStream($"s-{number}", ModelRun.KeepLast($"s-{number}")!.Value);
            options.Privacy.Mask<Ticked>(static e => e with { Note = "*" });
            configure(options);
        });
    }

    /// <summary>Keeps both aggregates inline.</summary>
    public EventStore Keeper { get; }

    /// <summary>Keeps one inline, and live snapshots of the other.</summary>
    public EventStore Half { get; }

    /// <summary>Keeps live snapshots of both.</summary>
    public EventStore Live { get; }

    /// <summary>Keeps none.</summary>
    public EventStore Bare { get; }

    /// <summary>Their daemons keep both.</summary>
    public IReadOnlyList<EventStore> Carriers { get; }

    public IReadOnlyList<EventStore> All { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in All)
            await store.DisposeAsync();
    }
}
