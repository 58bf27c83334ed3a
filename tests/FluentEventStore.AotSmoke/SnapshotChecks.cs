using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class SnapshotChecks(EventStore store)
{
    private readonly Guid _account = Guid.NewGuid();

    public async Task KeepAsync()
    {
        await using var session = store.OpenSession();
        session.Events.StartStream<Account>(_account, new AccountOpened("Grace", Currency.Euro), Moved(5));
        await session.SaveChangesAsync();

        Equal(new Account(_account, "Grace", 5), await session.LoadAsync<Account>(_account));
        Equal(new Account(_account, "Grace", 5), await session.Events.FetchLatestAsync<Account>(_account));
        Equal(new Account(_account, "Grace", 5), await session.Events.AggregateStreamAsync<Account>(_account));
        var latest = (await session.Events.FetchLatestVersionedAsync<Account>(_account))!;
        Equal((new Account(_account, "Grace", 5), 2L), (latest.Value, latest.Version.Version));
        Equal(latest.Version, (await session.LoadJsonAsync<Account>(_account))!.Version);
        Equal(true, await store.FillSnapshotsAsync<Account>() > 0);
        Equal(true, await store.FillSnapshotsAsync<Account>(new Progress<long>()) > 0);
    }

    public async Task KeepLiveAsync()
    {
        await using var session = store.OpenSession("live");
        session.Events.StartStream<Account>(_account, new AccountOpened("Grace", Currency.Euro), Moved(5), Moved(6));
        await session.SaveChangesAsync();

        var state = await session.Events.AggregateStreamAsync<Account>(_account);
        Equal(state, await session.Events.AggregateStreamAsync<Account>(_account));
        Equal(1L, await store.DeleteSnapshotsAsync<Account>());
        Equal(state, await session.Events.AggregateStreamAsync<Account>(_account));
    }

    public async Task ConflictAsync()
    {
        await using var session = store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Account>(_account);
        Equal(2L, stream.Version);
        stream.Append(Moved(-5));
        await using (var faster = store.OpenSession())
        {
            faster.Events.Append(_account, Moved(1));
            await faster.SaveChangesAsync();
        }

        var conflict = await ThrowsAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());

        Equal((2L, 3L), (conflict.Expected.Version!.Value, conflict.Actual));
        Equal(6m, (await session.LoadAsync<Account>(_account))!.Balance);
    }

    public async Task DeleteAsync()
    {
        await using var session = store.OpenSession();
        session.Events.Append(_account, new AccountClosed());
        await session.SaveChangesAsync();

        Equal(null, await session.LoadAsync<Account>(_account));
    }

    private static MoneyMoved Moved(decimal amount) => new(amount, DateTimeOffset.UnixEpoch, new Dictionary<string, string>());
}
