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
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token);
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token);
        var pending = stream.Append(new NoteTaken("a"));
        if (withDocument)
            session.Store(customer);

        await using var hold = await HoldAsync();
        var saving = session.SaveChangesAsync(Token);
        Action[] calls =
        [
            () => session.Events.Append(_id, new NoteTaken("b")),
            () => session.Events.StartStream($"{_id}-new", new NoteTaken("b")),
            () => session.Events.Expect(_id, ExpectedVersion.StreamExists),
            () => session.Events.LinkTo(_id, linked),
            () => session.Events.ArchiveStream($"{_id}-other"),
            () => session.Events.TruncateStream($"{_id}-other", 1),
            () => session.Events.CompactStream($"{_id}-other", 1, new NoteTaken("b")),
            () => session.Store(customer),
            () => session.Insert(customer),
            () => session.Update(customer),
            () => session.Delete<Customer>(customer.Id),
            () => session.CorrelationId = "b",
            () => session.CausationId = "b",
            () => session.UserName = "b",
            () => session.SetHeader("b", "b"),
            () => pending.WithHeader("b", "b"),
            () => pending.WithTag("b", "b"),
            () => pending.WithEventId(Guid.NewGuid()),
            () => stream.Append(new NoteTaken("b")),
            () => boundary.Append(_id, new NoteTaken("b")),
            () => boundary.Enforce(),
            () => session.EjectAllPendingChanges(),
            () => _ = session.Events.ReadStreamAsync(_id, cancellationToken: Token),
            () => _ = session.Events.ReadAllAsync(cancellationToken: Token),
        ];
        foreach (var call in calls)
            Should.Throw<InvalidOperationException>(call).Message.ShouldContain("await");

        await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync(Token));
        await Should.ThrowAsync<InvalidOperationException>(() => session.LoadAsync<Customer>(customer.Id, Token));
        await Should.ThrowAsync<InvalidOperationException>(() => session.LoadManyAsync<Customer>([customer.Id], Token));
        await Should.ThrowAsync<InvalidOperationException>(() => session.Events.FetchStreamAsync(_id, cancellationToken: Token));
        await Should.ThrowAsync<InvalidOperationException>(() => session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Token));
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
    public async Task A_refused_call_is_no_addition_to_a_unit_whose_outcome_is_unknown()
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
    public async Task Nor_is_what_is_refused_to_be_added_to_an_event()
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

        // What somebody else has appended is not known to who decides.
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

        // What somebody else has enrolled is not known to who decides, nor what the session saves beside the boundary.
        await bank.AppendAsync($"{course}-2", Enrol());
        session.Events.Append($"{course}-3", Enrol());
        await session.SaveChangesAsync(Token);
        boundary.Append(course, Enrol());
        await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Token));
        session.EjectAllPendingChanges();
        (await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", course), Token)).Aggregate.ShouldBe(new Enrolment(9, 4));

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
    public async Task A_stream_that_was_read_for_a_decision_to_append_nothing_is_expected_as_it_was()
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
