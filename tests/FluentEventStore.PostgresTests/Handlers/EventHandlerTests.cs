using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Handlers;

public sealed class EventHandlerTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly TenantId _tenant = Guid.NewGuid().ToString();
    private readonly CashReport _report = new();

    [Fact]
    public async Task A_handler_gets_the_events_of_the_log_that_it_takes_and_writes_with_the_session()
    {
        await AppendAsync(new TillOpened("Ada"), new CashTaken("Ada", 10m), new NoteTaken("a"), new CashDropped(4m), new TillLocked("Bob"));
        await using var session = bank.Store.OpenSession(_tenant);
        var handled = await HandleAsync(session);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        handled.Select(static e => e.Version).ShouldBe([2, 4, 5]);
        _report.Lines.ShouldBe(["10 at 2", "4 dropped at 4"]);
        (await session.LoadAsync<Customer>(handled[^1].Id, TestContext.Current.CancellationToken))!.Name.ShouldBe("Bob");
    }

    [Fact]
    public async Task The_filter_lets_old_shapes_and_former_names_of_what_the_handler_takes_pass()
    {
        await AppendAsync(new CashTakenV1(1m), new CashTaken("Ada", 2m), new TillOpened("Ada"));
        await bank.TamperAsync(
            "update {schema}.events e set type = 'cash-received' from {schema}.streams s "
                + $"where s.key = e.stream and s.tenant = '{_tenant}' and e.version = 2");
        await using var session = bank.Store.OpenSession(_tenant);
        await HandleAsync(session);

        _report.Lines.ShouldBe(["1 at 1", "2 at 2"]);
    }

    [Fact]
    public async Task A_handler_follows_the_log()
    {
        await AppendAsync(new TillOpened("Ada"), new CashDropped(1m), new NoteTaken("a"), new CashTaken("Ada", 2m));
        await using var session = bank.Store.OpenSession(_tenant);
        IEventHandler handler = _report;
        var filter = new EventFilter().OfTenants(_tenant).For(handler);
        await foreach (var e in bank.Store.Log.FollowAsync(filter, TestContext.Current.CancellationToken))
        {
            await handler.HandleAsync(e, session, TestContext.Current.CancellationToken);
            if (_report.Lines.Count == 2)
                break;
        }

        _report.Lines.ShouldBe(["1 dropped at 2", "2 at 4"]);
    }

    [Fact]
    public async Task A_handler_that_keeps_its_bookmark_with_its_work_goes_on_there()
    {
        await AppendAsync(new TillOpened("Ada"), new CashDropped(1m), new CashDropped(2m), new CashDropped(3m));
        await RunAsync(events: 2);
        await RunAsync(events: 1);

        _report.Lines.ShouldBe(["1 dropped at 2", "2 dropped at 3", "3 dropped at 4"]);

        async Task RunAsync(int events)
        {
            var cancelled = TestContext.Current.CancellationToken;
            IEventHandler handler = _report;
            await using var start = bank.Store.OpenQuerySession(_tenant);
            var after = (await start.LoadAsync<BigCounter>(1, cancelled))?.Value ?? 0;
            await foreach (var e in bank.Store.Log.FollowAsync(
                new LogStart { After = after }, new EventFilter().For(handler).OfTenants(_tenant), cancelled).Take(events))
            {
                await using var session = bank.Store.OpenSession(_tenant);
                await handler.HandleAsync(e, session, cancelled);
                session.Store(new BigCounter { Id = 1, Value = e.Position });
                await session.SaveChangesAsync(cancelled);
            }
        }
    }

    [Fact]
    public async Task An_event_that_the_handler_does_not_take_changes_nothing()
    {
        await AppendAsync(new NoteTaken("a"));
        await using var session = bank.Store.OpenSession(_tenant);
        await ((IEventHandler)_report).HandleAsync(
            (await session.Events.FetchStreamAsync("till", cancellationToken: TestContext.Current.CancellationToken))[0],
            session,
            TestContext.Current.CancellationToken);

        _report.Lines.ShouldBeEmpty();
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Position.ShouldBe(0);
    }

    [Fact]
    public void A_handler_of_no_known_event_is_refused_since_its_filter_would_let_all_pass() =>
        Should.Throw<ArgumentException>(() => new EventFilter().For(new Idle())).Message.ShouldContain("Idle takes no event");

    [Fact]
    public async Task A_handler_of_every_event_silently_skips_none()
    {
        await AppendAsync(new NoteTaken("a"), new NoteTaken("b"));
        await bank.TamperAsync(
            "update {schema}.events e set type = 'of-a-newer-release' from {schema}.streams s "
                + $"where s.key = e.stream and s.tenant = '{_tenant}' and e.version = 1");
        await using var session = bank.Store.OpenSession(_tenant);

        var filter = new EventFilter().OfType<TillOpened>().For(new Anything());
        await Should.ThrowAsync<UnknownEventTypeException>(async () => await session.Events.ReadAllAsync(filter).CountAsync());
    }

    private async Task AppendAsync(params object[] events)
    {
        await using var session = bank.Store.OpenSession(_tenant);
        session.Events.Append("till", events);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<IEvent>> HandleAsync(IDocumentSession session)
    {
        IEventHandler handler = _report;
        List<IEvent> handled = [];
        await foreach (var e in session.Events.ReadAllAsync(new EventFilter().For(handler)))
        {
            await handler.HandleAsync(e, session, TestContext.Current.CancellationToken);
            handled.Add(e);
        }

        return handled;
    }

    private sealed class Anything : IEventHandler
    {
        public IReadOnlyList<Type> EventTypes { get; } = [typeof(object)];

        public ValueTask HandleAsync(IEvent e, IDocumentSession session, CancellationToken cancellationToken = default) => default;
    }

    private sealed class Idle : IEventHandler
    {
        public IReadOnlyList<Type> EventTypes { get; } = [typeof(IFormattable)];

        public ValueTask HandleAsync(IEvent e, IDocumentSession session, CancellationToken cancellationToken = default) => default;
    }
}
