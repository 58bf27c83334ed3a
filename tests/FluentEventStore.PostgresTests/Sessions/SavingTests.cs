using System.Reflection;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

public abstract class SavingTests(BankStore bank)
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_a_session_is_saved_every_other_call_is_refused_and_afterwards_it_goes_on(bool withDocument)
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        var recorded = await bank.AppendAsync($"{_id}-other", new NoteTaken("recorded"));
        var linked = (await bank.FetchAsync($"{_id}-other")).Single();
        await using var store = bank.CreateStore(static options => options.Events.AllowHardDelete = true);
        await using var session = store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token);
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token);
        var pending = stream.Append(new NoteTaken("a"));
        if (withDocument)
            session.Store(customer);

        List<(string Name, Func<Task> Call)> calls =
        [
            .. CallsOf(session, customer, linked),
            .. CallsOf(session.Events, linked),
            Call("IEventStream.Append", () => stream.Append(new NoteTaken("b"))),
            Call("IEventBoundary.Append", () => boundary.Append(_id, new NoteTaken("b"))),
            Call("IEventBoundary.Enforce", () => boundary.Enforce()),
            Call("PendingEvents.WithHeader", () => pending.WithHeader("b", "b")),
            Call("PendingEvents.WithTag", () => pending.WithTag("b", "b")),
            Call("PendingEvents.WithEventId", () => pending.WithEventId(Guid.NewGuid())),
            Call("PendingEvents.WithEventIds", () => pending.WithEventIds([Guid.NewGuid()])),
        ];
        calls.Select(static call => call.Name)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(Members().Distinct().Order(StringComparer.Ordinal));

        await using var hold = await HoldAsync();
        var saving = session.SaveChangesAsync(Token);
        foreach (var (name, call) in calls)
            (await Should.ThrowAsync<InvalidOperationException>(call, name)).Message.ShouldContain("await", customMessage: name);

        await hold.DisposeAsync();

        var commit = await saving;
        commit.Streams.ShouldHaveSingleItem().Value.ShouldBe(new StreamCommit(1, 1));
        commit.Position.ShouldBeGreaterThan(recorded.Position);
        session.Events.Append(_id, ExpectedVersion.Exactly(1), new NoteTaken("c"));
        await session.SaveChangesAsync(Token);
        (await bank.FetchAsync(_id)).Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(["a", "c"]);
        (await session.LoadAsync<Customer>(customer.Id, Token) is not null).ShouldBe(withDocument);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_is_what_was_there_when_saving_began(bool withDocument)
    {
        var items = new ItemsAdded(["a"]);
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada", Tags = ["before"] };
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, items);
        if (withDocument)
            session.Store(customer);

        Task<Commit> saving;
        await using (await HoldAsync())
        {
            saving = session.SaveChangesAsync(Token);
            items.Items.Add("b");
            customer.Tags[0] = "after";
        }

        await saving;

        ((ItemsAdded)(await bank.FetchAsync(_id)).Single().Data).Items.ShouldBe(["a"]);
        if (withDocument)
            (await session.LoadAsync<Customer>(customer.Id, Token))!.Tags.ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_refused_call_adds_nothing_to_a_unit_whose_outcome_is_unknown()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.NoStream, new NoteTaken("a"));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));

        Should.Throw<InvalidOperationException>(() => session.Events.Append(_id, ExpectedVersion.Exactly(7), new NoteTaken("b")));
        Should.Throw<ArgumentException>(() => session.Events.Append($"{_id}-other", (object)"no event"));
        (await session.SaveChangesAsync(Token)).Streams.ShouldHaveSingleItem().Value.ShouldBe(new StreamCommit(1, 1));
    }

    [Fact]
    public async Task A_refused_addition_to_an_event_adds_nothing_to_a_unit_whose_outcome_is_unknown()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        var saved = session.Events.Append($"{_id}-saved", new NoteTaken("s"));
        await session.SaveChangesAsync(Token);
        var pending = session.Events.Append(_id, new NoteTaken("a"));
        for (var index = 0; index < 100; index++)
            pending.WithHeader($"h{index}", "x");
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));

        Should.Throw<ArgumentException>(() => pending.WithHeader("one-more", "x"));
        Should.Throw<ArgumentException>(() => pending.WithHeader("", "x"));
        Should.Throw<ArgumentException>(() => pending.WithTag(default));
        Should.Throw<ArgumentException>(() => pending.WithEventIds([]));
        Should.Throw<InvalidOperationException>(() => saved.WithHeader("k", "v"));
        Should.Throw<InvalidOperationException>(() => saved.WithTag("k", "v"));
        Should.Throw<InvalidOperationException>(() => saved.WithEventId(Guid.NewGuid()));
        (await session.SaveChangesAsync(Token)).Streams.ShouldHaveSingleItem().Value.ShouldBe(new StreamCommit(1, 1));

        // What is taken is one.
        var further = session.Events.Append(_id, new NoteTaken("b"));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
        further.WithHeader("late", "x");
        await Should.ThrowAsync<DuplicateEventException>(() => session.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task A_stream_that_was_read_for_a_decision_follows_what_its_own_session_saves()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token);
        stream.Append(new NoteTaken("3"), new NoteTaken("4"));
        await session.SaveChangesAsync(Token);
        stream.Version.ShouldBe(4);
        stream.Append(new NoteTaken("5"));
        await session.SaveChangesAsync(Token);

        // The one that decides does not know what somebody else has appended.
        await bank.AppendAsync(_id, new NoteTaken("6"));
        session.Events.Append(_id, new NoteTaken("7"));
        await session.SaveChangesAsync(Token);
        stream.Version.ShouldBe(5);
        stream.Append(new NoteTaken("8"));
        (await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Token))).Actual.ShouldBe(7);
    }

    [Fact]
    public async Task What_was_decided_over_tags_follows_what_its_own_session_saves_through_it()
    {
        var course = $"c{Guid.NewGuid():N}";
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", course), Token);
        boundary.Append(course, new CourseOffered(course, 9), Enrol());
        await session.SaveChangesAsync(Token);
        boundary.Append(course, Enrol());
        await session.SaveChangesAsync(Token);

        // The one that decides knows neither what somebody else has enrolled nor what the session saves beside the boundary.
        await bank.AppendAsync($"{course}-2", Enrol());
        session.Events.Append($"{course}-3", Enrol());
        await session.SaveChangesAsync(Token);
        boundary.Append(course, Enrol());
        await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Token));
        session.EjectAllPendingChanges();
        (await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", course), Token)).Aggregate.ShouldBe(
            new Enrolment(9, 4));

        StudentEnrolled Enrol() => new(course, new StudentId(Guid.NewGuid()));
    }

    [Fact]
    public async Task An_event_that_another_session_has_written_is_not_taken_for_what_was_decided_over_tags()
    {
        var course = $"c{Guid.NewGuid():N}";
        var id = Guid.NewGuid();
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", course), Token);
        boundary.Append(course, new CourseOffered(course, 9)).WithEventId(id);
        await bank.AppendAsync($"{course}-2", new CourseOffered(course, 1));
        await using (var other = bank.Store.OpenSession())
        {
            other.Events.Append(course, new CourseOffered(course, 9)).WithEventId(id);
            await other.SaveChangesAsync(Token);
        }

        (await session.SaveChangesAsync(Token)).Streams[course].Version.ShouldBe(1);
        boundary.Append(course, new CourseOffered(course, 9));
        await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task A_stream_that_was_read_for_a_decision_to_append_nothing_is_expected_to_be_unchanged()
    {
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token);
        stream.Append();
        session.Events.Append($"{_id}-other", new NoteTaken("decided"));
        await bank.AppendAsync(_id, new NoteTaken("meanwhile"));

        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Token));
        (conflict.StreamId, conflict.Actual).ShouldBe(((StreamId)_id, 1));
        (await bank.FetchAsync($"{_id}-other")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_read_by_a_session_takes_no_events_after_its_disposal()
    {
        IEventStream<Notebook> stream;
        IEventBoundary<Enrolment> boundary;
        PendingEvents pending;
        using (var session = bank.Store.OpenSession())
        {
            stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token);
            boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token);
            pending = session.Events.Append(_id, new NoteTaken("a"));
        }

        Should.Throw<ObjectDisposedException>(() => stream.Append(new NoteTaken("b")));
        Should.Throw<ObjectDisposedException>(() => boundary.Append(_id, new NoteTaken("b")));
        Should.Throw<ObjectDisposedException>(() => pending.WithTag("b", "b"));
    }

    private static List<(string Name, Func<Task> Call)> CallsOf(IDocumentSession session, Customer customer, IEvent linked) =>
    [
        Call("IDocumentOperations.Store", () => session.Store(customer)),
        Call("IDocumentOperations.Store", () => session.Store<Customer>([customer])),
        Call("IDocumentOperations.Insert", () => session.Insert(customer)),
        Call("IDocumentOperations.Update", () => session.Update(customer)),
        Call("IDocumentOperations.Update", () => session.Update(customer, 1)),
        Call("IDocumentOperations.Update", () => session.Update(customer, new StoredVersion(1, 1, 0))),
        Call("IDocumentOperations.Delete", () => session.Delete<Customer>(customer.Id)),
        Call("IDocumentOperations.Delete", () => session.Delete<Customer>(customer.Id, 1)),
        Call("IDocumentOperations.Delete", () => session.Delete<Customer>(customer.Id, new StoredVersion(1, 1, 0))),
        Call("IDocumentSession.set_CorrelationId", () => session.CorrelationId = "b"),
        Call("IDocumentSession.set_CausationId", () => session.CausationId = "b"),
        Call("IDocumentSession.set_UserName", () => session.UserName = "b"),
        Call("IDocumentSession.SetHeader", () => session.SetHeader("b", "b")),
        Call("IDocumentSession.Reserve", () => session.Reserve("b", "b", $"{customer.Id}")),
        Call("IDocumentSession.Release", () => session.Release("b", "b", $"{customer.Id}")),
        Call("IDocumentSession.EjectAllPendingChanges", () => session.EjectAllPendingChanges()),
        ("IDocumentSession.SaveChangesAsync", () => session.SaveChangesAsync(Token)),
        ("IDocumentSession.SaveChangesUntilKnownAsync", () => session.SaveChangesUntilKnownAsync(TimeSpan.Zero, Token)),
        ("IQuerySession.FindReservationAsync", () => session.FindReservationAsync("b", "b", Token)),
        ("IQuerySession.LoadAsync", () => session.LoadAsync<Customer>(customer.Id, Token)),
        ("IQuerySession.LoadVersionedAsync", () => session.LoadVersionedAsync<Customer>(customer.Id, Token)),
        ("IQuerySession.LoadJsonAsync", () => session.LoadJsonAsync<Customer>(customer.Id, Token)),
        ("IQuerySession.LoadManyJsonAsync", () => session.LoadManyJsonAsync<Customer>([customer.Id], Token)),
        ("IQuerySession.LoadManyAsync", () => session.LoadManyAsync<Customer>([customer.Id], Token)),
        ("IEventReader.FetchEventAsync", () => ((IQuerySession)session).Events.FetchEventAsync(linked.Id, cancellationToken: Token)),
    ];

    private List<(string Name, Func<Task> Call)> CallsOf(IEventOperations events, IEvent linked) =>
    [
        Call("IEventOperations.Append", () => events.Append(_id, new NoteTaken("b"))),
        Call("IEventOperations.Append", () => events.Append(_id, ExpectedVersion.StreamExists, new NoteTaken("b"))),
        Call("IEventOperations.StartStream", () => events.StartStream($"{_id}-new", new NoteTaken("b"))),
        Call("IEventOperations.StartStream", () => events.StartStream<Notebook>($"{_id}-new", new NoteTaken("b"))),
        Call("IEventOperations.Expect", () => events.Expect(_id, ExpectedVersion.StreamExists)),
        Call("IEventOperations.LinkTo", () => events.LinkTo(_id, linked)),
        Call("IEventOperations.LinkTo", () => events.LinkTo(_id, [linked.Id])),
        Call("IEventOperations.ArchiveStream", () => events.ArchiveStream($"{_id}-other")),
        Call("IEventOperations.UnarchiveStream", () => events.UnarchiveStream($"{_id}-other")),
        Call("IEventOperations.DeleteStream", () => events.DeleteStream($"{_id}-other")),
        Call("IEventOperations.UndeleteStream", () => events.UndeleteStream($"{_id}-other")),
        Call("IEventOperations.TombstoneStream", () => events.TombstoneStream($"{_id}-other")),
        Call("IEventOperations.HardDeleteStream", () => events.HardDeleteStream($"{_id}-other")),
        Call("IEventOperations.TruncateStream", () => events.TruncateStream($"{_id}-other", 1)),
        Call("IEventOperations.CompactStream", () => events.CompactStream($"{_id}-other", 1, new NoteTaken("b"))),
        ("IEventOperations.FetchForWritingAsync", () => events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token)),
        ("IEventOperations.FetchForWritingAsync", () => events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token)),
        ("IEventReader.FetchStreamAsync", () => events.FetchStreamAsync(_id, cancellationToken: Token)),
        ("IEventReader.FetchEventAsync", () => events.FetchEventAsync(linked.Id, cancellationToken: Token)),
        ("IEventReader.FetchStreamStateAsync", () => events.FetchStreamStateAsync(_id, Token)),
        ("IEventReader.FetchLatestAsync", () => events.FetchLatestAsync<Notebook>(_id, Token)),
        ("IEventReader.AggregateStreamAsync", () => events.AggregateStreamAsync<Notebook>(_id, cancellationToken: Token)),
        ("IEventReader.FetchLatestVersionedAsync", () => events.FetchLatestVersionedAsync<Notebook>(_id, Token)),
        ("IEventReader.AggregateStreamVersionedAsync", () => events.AggregateStreamVersionedAsync<Notebook>(_id, Token)),
        ("IEventReader.FoldAsync", () => events.FoldAsync(TillRules.Decider, _id, Token)),
        ("IEventReader.ListStreamsAsync", () => events.ListStreamsAsync(cancellationToken: Token)),
        Call("IEventReader.ReadStreamAsync", () => _ = events.ReadStreamAsync(_id, cancellationToken: Token)),
        Call("IEventReader.ReadAllAsync", () => _ = events.ReadAllAsync(cancellationToken: Token)),
    ];

    private static (string Name, Func<Task> Call) Call(string name, Action call) => (name, () =>
    {
        call();
        return Task.CompletedTask;
    });

    /// <summary>Everything that can be done to a session and to what it gives out, except looking at what is there.</summary>
    // What the store keeps is no matter of a session.
    private static IEnumerable<string> Members() =>
        from type in (Type[])[
            typeof(IDocumentOperations),
            typeof(IDocumentSession),
            typeof(IQuerySession),
            typeof(IEventOperations),
            typeof(IEventReader),
            typeof(IEventStream<>),
            typeof(IEventBoundary<>),
            typeof(PendingEvents)
        ]
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where !method.Name.StartsWith("get_", StringComparison.Ordinal) && method.Name != nameof(IQuerySession.KeepsSnapshots)
        select $"{type.Name.Split('`')[0]}.{method.Name}";

    /// <summary>Keeps all writes waiting as long as the returned connection is open.</summary>
    private async Task<NpgsqlConnection> HoldAsync()
    {
        var connection = new NpgsqlConnection(bank.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var hold = new NpgsqlCommand($"begin; lock table {bank.Schema}.streams in exclusive mode", connection);
        await hold.ExecuteNonQueryAsync(Token);
        return connection;
    }
}
