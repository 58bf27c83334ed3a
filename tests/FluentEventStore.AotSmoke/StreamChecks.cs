using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Every way to write to a stream, in a tenant of its own.</summary>
internal sealed class StreamChecks(EventStore store)
{
    private static readonly TenantId Tenant = "streams";
    private static readonly AccountOpened Opened = new("Ada", Currency.Franc);

    private readonly string _run = Guid.NewGuid().ToString("N");

    public async Task WriteAsync()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        IEnumerable<object> closed = [new AccountClosed(), new AccountClosed()];
        await using var session = store.OpenSession(
            new SessionOptions
            {
                TenantId = Tenant,
                Idempotent = true,
                Abandoned = static () => Equal("saved", "abandoned"),
                Saved = static commit => Equal(true, commit is not null),
                CorrelationId = "request",
                CausationId = "another cause",
                UserName = "bob",
            });
        session.CausationId = "cause";
        session.UserName = "ada";
        session.Events.StartStream(Named("a"), (IEnumerable<object>)[Opened]).WithEventId(ids[0]);
        session.Events.Append(Named("a"), closed).WithEventIds(ids[1..]);
        session.Events.StartStream<Turnover>(Named("b"), (IEnumerable<object>)[Opened]);
        session.Events.Append(Named("b"), ExpectedVersion.Exactly(1), closed);
        session.Events.Expect(Named("c"), ExpectedVersion.NoStream);
        await session.SaveChangesAsync();

        var turnover = await session.Events.FetchForWritingAsync<Turnover>(Named("b"));
        turnover.Append(closed);
        await ThrowsAsync<StreamVersionConflictException>(
            () => session.Events.FetchForWritingAsync<Turnover>(Named("b"), ExpectedVersion.NoStream));
        await session.SaveChangesAsync();
        Equal(5L, (await session.Events.FetchStreamStateAsync(Named("b")))!.Version);

        var read = new List<IEvent>();
        await foreach (var @event in session.Events.ReadStreamAsync(Named("a")))
            read.Add(@event);

        EqualItems(ids, read.Select(static e => e.Id));
        Equal(("request", "cause", "ada"), (read[0].CorrelationId, read[0].CausationId, read[0].UserName));
    }

    public async Task LinkAsync()
    {
        await SaveAsync(events => events.Append(Named("linked"), Opened, new AccountClosed()));
        var linked = await FetchAsync(Named("linked"));
        await SaveAsync(events => events.LinkTo(Named("index"), linked[0]));
        await SaveAsync(events => events.LinkTo(Named("index"), new[] { linked[1].Id }));
        EqualItems(linked.Select(static e => e.Id), (await FetchAsync(Named("index"))).Select(static e => e.Id));
    }

    public async Task EndAsync()
    {
        var id = Named("ended");
        await SaveAsync(events => events.Append(id, Opened, new AccountClosed(), new AccountClosed()));
        await SaveAsync(events => events.CompactStream(id, 2, Opened));
        EqualItems([2L, 3], (await FetchAsync(id)).Select(static e => e.Version));

        await SaveAsync(events => events.DeleteStream(id));
        await SaveAsync(events => events.UndeleteStream(id));
        await SaveAsync(events => events.DeleteStream(id, ExpectedVersion.Exactly(3)));
        await SaveAsync(events => events.UndeleteStream(id));
        await ThrowsAsync<StreamVersionConflictException>(
            () => SaveAsync(events => events.TombstoneStream(id, ExpectedVersion.Exactly(2))));
        await SaveAsync(events => events.TombstoneStream(id));
        var refused = await ThrowsAsync<StreamDeletedException>(() => SaveAsync(events => events.Append(id, new AccountClosed())));
        Equal(true, refused.IsTombstoned);
    }

    public async Task TagAsync()
    {
        await SaveAsync(events => events.Append(Named("tagged"), new SeatTaken(_run, 1)).WithTag("row", _run).WithTag(new Tag("block", 7)));
        await SaveAsync(events => events.Append(Named("tagged"), new SeatTaken(_run + "-other", 2)));

        var show = Guid.NewGuid();
        var query = TagQuery.Tagged(Tag.Parse($"row:{_run}"))
            .And(new Tag("block", 7))
            .OfType<SeatTaken>()
            .Or(new Tag("show", _run + "-other"));
        await using var session = store.OpenSession(Tenant);
        var boundary = await session.Events.FetchForWritingAsync<Seats>(query);
        Equal((2, 2), (boundary.Aggregate!.Taken, boundary.Events.Count));
        boundary.Append(Named("tagged"), (IEnumerable<object>)[new SeatTaken(show.ToString(), 3)]);
        (await session.Events.FetchForWritingAsync<Seats>(TagQuery.Tagged("show", show))).Enforce();
        await session.SaveChangesAsync();
        Equal(1, (await session.Events.FetchForWritingAsync<Seats>(TagQuery.Tagged("show", show))).Aggregate!.Taken);
    }

    private StreamId Named(string name) => $"{_run}-{name}";

    private async Task SaveAsync(Action<IEventOperations> work)
    {
        await using var session = store.OpenSession(Tenant);
        work(session.Events);
        await session.SaveChangesAsync();
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(StreamId streamId)
    {
        await using var session = store.OpenQuerySession(Tenant);
        return await session.Events.FetchStreamAsync(streamId);
    }
}
