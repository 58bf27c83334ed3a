using FluentEventStore.AotSmoke.Contracts;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class EventChecks(EventStore store)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1));

    private readonly AccountId _account = new(Guid.NewGuid());

    public async Task AppendAsync()
    {
        await using var session = store.OpenSession();
        session.CorrelationId = "smoke";
        session.SetHeader("by", "session");
        session.Events.StartStream<Turnover>(_account, new AccountOpened("Ada", Currency.Franc), Moved(10));
        session.Events.Append(_account, ExpectedVersion.Exactly(2), Moved(-3)).WithHeader("by", "event");
        var commit = await session.SaveChangesAsync();

        Equal(new StreamCommit(1, 3), commit.Streams[_account]);
    }

    public async Task ReadStreamAsync()
    {
        await using var session = store.OpenQuerySession();
        var events = await session.Events.FetchStreamAsync(_account);

        EqualItems([1L, 2, 3], events.Select(static e => e.Version));
        Equal("smoke", events[0].CorrelationId);
        EqualItems(["session", "session", "event"], events.Select(static e => e.Headers["by"]));
        Equal(new AccountOpened("Ada", Currency.Franc), ((IEvent<AccountOpened>)events[0]).Data);
        var moved = ((IEvent<MoneyMoved>)events[1]).Data;
        Equal((10m, Noon, "b"), (moved.Amount, moved.At, moved.Tags["a"]));
        EqualItems(
            [3L, 2],
            (await session.Events.FetchStreamAsync(_account, new StreamRange { From = 2, Backwards = true }))
                .Select(static e => e.Version));
    }

    public async Task ReadAllAsync()
    {
        await using var session = store.OpenQuerySession();
        var forwards = await CollectAsync(session.Events.ReadAllAsync());
        var backwards = await CollectAsync(session.Events.ReadAllAsync(new LogRange { Backwards = true }));
        var filtered = await CollectAsync(session.Events.ReadAllAsync(new EventFilter().OfType<MoneyMoved>()));

        EqualItems(forwards.Order(), forwards);
        EqualItems(Enumerable.Reverse(forwards), backwards);
        Equal(2, filtered.Count);
        Equal(3, forwards.Count);
        var later = session.Events.ReadAllAsync(new LogRange { After = filtered[0] }, new EventFilter().OfType<MoneyMoved>());
        Equal(1, (await CollectAsync(later)).Count);
        Equal(2, (await CollectAsync(session.Events.ReadStreamAsync(_account, new StreamRange { From = 2 }))).Count);
    }

    public async Task FollowAndListAsync()
    {
        var filter = new EventFilter().OfAggregate<Turnover>().WithHeader("by", "session").OfAnyTenant().OnlyActive();
        var followed = new List<IEvent>();
        await foreach (var e in store.Log.FollowAsync(filter))
        {
            followed.Add(e);
            if (followed.Count == 2)
                break;
        }

        await using var session = store.OpenQuerySession();
        EqualItems([TenantId.Default, TenantId.Default], followed.Select(static e => e.TenantId));
        Equal(true, await store.Log.VerifyBookmarkAsync(followed[1].Position, followed[1].Id));
        Equal(followed[1].Position, (await session.Events.FetchEventAsync(followed[1].Id))!.Position);
        Equal(followed[0].Id, (await session.Events.FetchEventAsync(followed[0].Id, includeArchived: true))!.Id);
        Equal(1L, (await session.Events.ListStreamsAsync(new StreamQuery { AggregateType = "turnover" })).TotalCount);
        Equal(true, (await session.Events.ListStreamsAsync()).TotalCount >= 1);
        Equal(1L, await FirstPositionAsync(store.Log.FollowAsync()));
        Equal(followed[1].Position, await FirstPositionAsync(store.Log.FollowAsync(new LogStart { After = followed[1].Position - 1 })));
        Equal(followed[1].Position, await FirstPositionAsync(store.Log.FollowAsync(new LogStart { After = followed[0].Position }, filter)));
        Equal(0, (await store.Log.StatusAsync()).HeldBackBy.Count);
        Equal((await store.Log.StatusAsync()).SettledPosition, await store.Log.FetchSettledPositionAsync());
        Equal("events of tenant 'a'", new EventFilter().ForTenant("a").ToString());
        Equal(2L, (await store.Log.FetchStatisticsAsync()).EventCountByType["money-moved"]);
    }

    public async Task FoldLiveAsync()
    {
        await using var session = store.OpenQuerySession();

        Equal(13m, (await session.Events.AggregateStreamAsync<Turnover>(_account))!.Total);
        Equal(10m, (await session.Events.AggregateStreamAsync<Turnover>(_account, new StreamRange { To = 2 }))!.Total);
        Equal("turnover", (await session.Events.FetchStreamStateAsync(_account))!.AggregateType);
        var folded = (await session.Events.AggregateStreamVersionedAsync<Turnover>(_account))!;
        Equal((13m, (await session.Events.FetchStreamStateAsync(_account))!.StoredVersion), (folded.Value.Total, folded.Version));
        var past = (await session.Events.AggregateStreamVersionedAsync<Turnover>(_account, new StreamRange { To = 2 }))!;
        Equal((10m, folded.Version with { Version = 2 }), (past.Value.Total, past.Version));
    }

    public async Task ReferencedAssemblyAsync()
    {
        var id = Guid.NewGuid();
        await using var session = store.OpenSession("other");
        session.Events.StartStream(id, new ParcelSent(id, "Ada", 1.5m, ["book", "pen"]));
        await session.SaveChangesAsync();

        var sent = ((IEvent<ParcelSent>)(await session.Events.FetchStreamAsync(id))[0]).Data;
        Equal((id, 1.5m, "book,pen"), (sent.ParcelId, sent.Weight, string.Join(',', sent.Items)));
    }

    public async Task UpcastAsync()
    {
        var id = Guid.NewGuid();
        await using var session = store.OpenSession("upcast");
        session.Events.StartStream(id, new ParcelWeighed(1, 1), new ParcelWeighedV1(1.5m));
        await session.SaveChangesAsync();

        var events = await session.Events.FetchStreamAsync(id);
        Equal(new ParcelWeighed(1500, 2), ((IEvent<ParcelWeighed>)events[1]).Data);
        Equal(1, events[1].TypeVersion);
        Equal(2, (await CollectAsync(session.Events.ReadAllAsync(new EventFilter().OfType<ParcelWeighed>()))).Count);
    }

    public async Task ForgetAsync()
    {
        var id = new AccountId(Guid.NewGuid());
        await using var session = store.OpenSession("privacy");
        session.Events.StartStream(id, new OwnerNamed(id, "Ada", 36));
        await session.SaveChangesAsync();
        Equal<object>(new OwnerNamed(id, "Ada", 36), (await session.Events.FetchStreamAsync(id))[0].Data);

        Equal(ForgetOutcome.NothingKnown, (await store.Privacy.ForgetAsync($"nobody {id.Value}")).Outcome);
        Equal(ForgetOutcome.Forgotten, (await store.Privacy.ForgetAsync(id.Value, "privacy")).Outcome);
        Equal<object>(new OwnerNamed(id, "(forgotten)", null), (await session.Events.FetchStreamAsync(id))[0].Data);
        session.Events.Append(id, new OwnerNamed(id, "Ada", 36));
        Equal<SubjectId>(id.Value, (await ThrowsAsync<SubjectForgottenException>(() => session.SaveChangesAsync())).Subject);
    }

    public async Task MaskAsync()
    {
        var id = new AccountId(Guid.NewGuid());
        await using var session = store.OpenSession("privacy");
        session.Events.StartStream(id, new OwnerNamed(id, "Ada", 36));
        await session.SaveChangesAsync();

        Equal(new MaskReport(1, 1), await store.Privacy.MaskAsync(id, "privacy"));
        Equal(new MaskReport(1, 0), await store.Privacy.MaskAsync(id, "privacy", new Progress<MaskReport>()));
        await ThrowsAsync<StreamNotFoundException>(() => store.Privacy.MaskAsync(id));
        Equal<object>(new OwnerNamed(id, "A.", 36), (await session.Events.FetchStreamAsync(id))[0].Data);
    }

    public async Task CreateViewsAsync()
    {
        await store.Schema.CreateEventViewsAsync();
        await ThrowsAsync<ArgumentException>(() => store.Schema.CreateEventViewsAsync("No Name"));
    }

    private static MoneyMoved Moved(decimal amount) => new(amount, Noon, new Dictionary<string, string> { ["a"] = "b" });

    private static async Task<List<long>> CollectAsync(IAsyncEnumerable<IEvent> events)
    {
        var positions = new List<long>();
        await foreach (var @event in events)
            positions.Add(@event.Position);

        return positions;
    }

    private static async Task<long> FirstPositionAsync(IAsyncEnumerable<IEvent> events)
    {
        await foreach (var @event in events)
            return @event.Position;

        return 0;
    }
}
