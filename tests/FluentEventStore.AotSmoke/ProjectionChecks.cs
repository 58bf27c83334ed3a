using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Views of many streams, kept by units of work and by a daemon of the process.</summary>
internal sealed class ProjectionChecks(string connectionString, string schema)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _run = Guid.NewGuid().ToString("N");

    public async Task KeepInlineAsync()
    {
        await using (var store = await OpenAsync(static projections => projections.Add<MovedProjection>(ProjectionLifecycle.Inline)))
        {
            await MoveAsync(store, 2m, _run, "of-all");
            await MoveAsync(store, 3m, _run, _run);
            Equal(5m, (await LoadAsync<Moved>(store))?.Amount);
            await MoveAsync(store, 0m, _run);
            Equal(null, await LoadAsync<Moved>(store));
        }

        await using var other = await OpenAsync(static projections => projections
            .Add<MovedProjection>(ProjectionLifecycle.Async, static moved => moved.OnError(1, FailedEvent.Skip)));
        await using var daemon = other.BuildDaemon();
        var refused = await ThrowsAsync<InvalidOperationException>(() => daemon.StartAsync());
        Equal(true, refused.Message.Contains("kept inline"));
    }

    public async Task KeepAndRebuildAsync()
    {
        await using var store = await OpenAsync(static projections => projections
            .Add(new MovedProjection(), ProjectionLifecycle.Inline)
            .Snapshot<Account>(ProjectionLifecycle.Async, static account => account.Version(2).Concurrency(2).ShareFairly())
            .Add(
                new OwnedProjection(),
                ProjectionLifecycle.Async,
                static owned => owned.SwitchByCommand().OnError(1, FailedEvent.Stop, TimeSpan.Zero, TimeSpan.Zero)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        await OpenAccountAsync(store);
        await store.WaitForAsync(await OpenAccountAsync(store), Patience);
        Equal(2, (await LoadAsync<Owned>(store))?.Accounts);

        var projections = store.Projections;
        await projections.RebuildAsync("owned");
        await ThrowsAsync<ProjectionBusyException>(() => projections.RebuildAsync("owned"));
        await daemon.CatchUpAsync();
        var compared = await projections.CompareAsync("owned");
        Equal(true, compared is { AreEqual: true, Equal: > 0, Samples.Count: 0 });
        Equal(true, await projections.SwitchAsync("owned") > 0);
        await projections.SwitchBackAsync("owned");
        await projections.CancelRebuildAsync("owned");
        await daemon.RebuildAsync("owned");
        Equal(2, (await LoadAsync<Owned>(store))?.Accounts);
        var status = (await projections.StatusAsync()).Single(static one => one.Name == "owned");
        Equal(true, status is { Version: 1, IsServing: true, Build: null });
    }

    private async Task<EventStore> OpenAsync(Action<ProjectionOptions> declare)
    {
        var store = EventStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            declare(options.Projections);
        });
        await store.Schema.ApplyAsync();
        return store;
    }

    private async Task<T?> LoadAsync<T>(EventStore store)
        where T : class
    {
        await using var session = store.OpenQuerySession();
        return await session.LoadAsync<T>(_run);
    }

    private async Task<Commit> OpenAccountAsync(EventStore store)
    {
        await using var session = store.OpenSession();
        session.Events.Append(Guid.NewGuid(), new AccountOpened(_run, Currency.Euro));
        return await session.SaveChangesAsync();
    }

    private static async Task MoveAsync(EventStore store, decimal amount, params string[] tags)
    {
        await using var session = store.OpenSession();
        session.Events.Append(
            Guid.NewGuid(),
            new MoneyMoved(
                amount,
                DateTimeOffset.UnixEpoch,
                tags.Select(static (tag, index) => KeyValuePair.Create($"{index}", tag)).ToDictionary()));
        await session.SaveChangesAsync();
    }
}
