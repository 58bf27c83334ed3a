using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public abstract class AppendTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task Events_are_read_back_as_they_were_appended()
    {
        var opened = new AccountOpened(_id, "Ada", "EUR");
        var deposited = new MoneyDeposited(_id, 12.50m);

        await using var session = bank.Store.OpenSession();
        session.CorrelationId = "request-1";
        session.CausationId = "command-1";
        session.UserName = "ada";
        session.SetHeader("ip", "::1");
        session.Events.StartStream(_id, opened, deposited);
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var events = await bank.FetchAsync(_id);
        events.Select(e => e.Data).ShouldBe([opened, deposited]);
        events.Select(e => e.Version).ShouldBe([1, 2]);
        events.Select(e => e.TypeName).ShouldBe(["account-opened", "money-deposited"]);
        events[1].Position.ShouldBe(commit.Position);
        events[0].Position.ShouldBeLessThan(events[1].Position);
        events[0].Position.ShouldBeGreaterThan(0);
        foreach (var e in events)
        {
            e.StreamId.ShouldBe(_id);
            e.TypeVersion.ShouldBe(1);
            e.CorrelationId.ShouldBe("request-1");
            e.CausationId.ShouldBe("command-1");
            e.UserName.ShouldBe("ada");
            e.Headers.ShouldBe(new Dictionary<string, string> { ["ip"] = "::1" });
            e.TenantId.ShouldBe(TenantId.Default);
            e.Timestamp.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
            e.Timestamp.Offset.ShouldBe(TimeSpan.Zero);
            e.Id.Version.ShouldBe(7);
        }

        commit.Streams[_id].ShouldBe(new StreamCommit(FirstVersion: 1, Version: 2));
    }

    [Fact]
    public async Task A_unit_gets_nothing_from_the_units_before_it()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            StreamId id = $"{_id}-{round}";
            var (hasMetadata, hasHeaders, isRefused, count) = (
                random.Next(2) == 0, random.Next(2) == 0, random.Next(4) == 0, random.Next(1, 4));
            await using var session = bank.Store.OpenSession();
            if (hasMetadata)
                (session.CorrelationId, session.CausationId, session.UserName) = (
                    $"correlation {round}", $"causation {round}", $"user {round}");
            if (hasHeaders)
                session.SetHeader("round", $"{round}");

            var texts = Enumerable.Range(0, count).Select(index => $"{round}-{index}").ToArray();
            session.Events.Append(
                id, isRefused ? ExpectedVersion.Exactly(7) : ExpectedVersion.Any, [.. texts.Select(static text => new NoteTaken(text))]);
            if (isRefused)
            {
                await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());
                continue;
            }

            var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

            commit.Streams.ShouldHaveSingleItem().ShouldBe(new(id, new StreamCommit(1, count)));
            var events = await bank.FetchAsync(id);
            events.Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(texts);
            foreach (var e in events)
            {
                e.CorrelationId.ShouldBe(hasMetadata ? $"correlation {round}" : null);
                e.CausationId.ShouldBe(hasMetadata ? $"causation {round}" : null);
                e.UserName.ShouldBe(hasMetadata ? $"user {round}" : null);
                e.Headers.ShouldBe(hasHeaders ? new Dictionary<string, string> { ["round"] = $"{round}" } : []);
            }
        }
    }

    [Fact]
    public async Task Events_without_metadata_have_none()
    {
        await bank.AppendAsync(_id, new AccountClosed(_id));

        var only = (await bank.FetchAsync(_id)).ShouldHaveSingleItem();
        only.CorrelationId.ShouldBeNull();
        only.CausationId.ShouldBeNull();
        only.UserName.ShouldBeNull();
        only.Headers.ShouldBeEmpty();
        only.ShouldBeAssignableTo<IEvent<AccountClosed>>()!.Data.ShouldBe(new AccountClosed(_id));
    }

    [Fact]
    public async Task A_header_of_an_event_wins_over_one_of_the_session_and_stays_with_its_call()
    {
        await using var session = bank.Store.OpenSession();
        session.SetHeader("source", "web");
        session.SetHeader("ip", "::1");
        session.Events.Append(_id, new NoteTaken("a"));
        session.Events.Append(_id, new NoteTaken("b")).WithHeader("source", "import").WithHeader("line", "7");
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var events = await bank.FetchAsync(_id);
        events[0].Headers.ShouldBe(new Dictionary<string, string> { ["source"] = "web", ["ip"] = "::1" }, ignoreOrder: true);
        events[1].Headers.ShouldBe(
            new Dictionary<string, string> { ["source"] = "import", ["ip"] = "::1", ["line"] = "7" }, ignoreOrder: true);
    }

    [Fact]
    public async Task Headers_of_some_events_leave_the_others_without()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        session.Events.Append(_id, new NoteTaken("b")).WithHeader("k", "v");
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var events = await bank.FetchAsync(_id);
        events[0].Headers.ShouldBeEmpty();
        events[1].Headers["k"].ShouldBe("v");
    }

    [Fact]
    public async Task Several_streams_in_one_unit_keep_the_order_of_the_calls()
    {
        StreamId first = $"z-{_id}";
        StreamId second = $"a-{_id}";
        await bank.AppendAsync(second, new NoteTaken("there before"));

        await using var session = bank.Store.OpenSession();
        session.Events.Append(first, new NoteTaken("1"));
        session.Events.Append(second, new NoteTaken("2"));
        session.Events.Append(first, new NoteTaken("3"), new NoteTaken("4"));
        session.Events.Append(second, new NoteTaken("5"));
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        commit.Streams[first].ShouldBe(new StreamCommit(1, 3));
        commit.Streams[second].ShouldBe(new StreamCommit(2, 3));
        var ofFirst = await bank.FetchAsync(first);
        var ofSecond = await bank.FetchAsync(second);
        ofFirst.Select(e => ((NoteTaken)e.Data).Text).ShouldBe(["1", "3", "4"]);
        ofSecond.Skip(1).Select(e => ((NoteTaken)e.Data).Text).ShouldBe(["2", "5"]);
        ofFirst.Concat(ofSecond.Skip(1)).OrderBy(e => e.Position).Select(e => ((NoteTaken)e.Data).Text).ShouldBe(["1", "2", "3", "4", "5"]);
        ofFirst.Concat(ofSecond.Skip(1)).Select(e => e.Timestamp).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_list_is_appended_as_its_events()
    {
        List<MoneyDeposited> list = [new(_id, 1), new(_id, 2)];
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream(_id, list);
        session.Events.Append(_id, list);
        session.Events.Append(_id, ExpectedVersion.Exactly(4), list);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await bank.FetchAsync(_id)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task An_empty_session_saves_nothing_and_reports_that()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id);
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        commit.Position.ShouldBe(0);
        commit.Streams.ShouldBeEmpty();
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_saved_session_is_empty_and_can_be_used_on()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        session.Events.Append(_id, new NoteTaken("b"));
        var second = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        second.Streams[_id].ShouldBe(new StreamCommit(2, 2));
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ejected_changes_are_not_saved()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        session.EjectAllPendingChanges();
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fifty_writers_without_an_expectation_never_conflict_and_leave_no_hole()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(index => bank.AppendAsync(_id, new NoteTaken($"{index}a"), new NoteTaken($"{index}b"))));

        var events = await bank.FetchAsync(_id);
        events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, 100).Select(version => (long)version));
        events.Zip(events.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position);
    }

    [Fact]
    public async Task Units_that_share_streams_in_different_orders_do_not_deadlock()
    {
        StreamId[] streams = [.. Enumerable.Range(0, 8).Select(index => (StreamId)$"{_id}-{index}")];
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async seed =>
        {
            var random = new Random(seed);
            await using var session = bank.Store.OpenSession();
            foreach (var stream in streams.OrderBy(_ => random.Next()).Take(5))
                session.Events.Append(stream, new NoteTaken(seed.ToString()));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }));

        var total = 0;
        foreach (var stream in streams)
            total += (await bank.FetchAsync(stream)).Count;
        total.ShouldBe(200);
    }

    [Fact]
    public async Task Timestamps_come_from_the_clock_of_the_store_to_the_microsecond()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);
        await using var store = bank.CreateStore(
            options => options.TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now));
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await bank.FetchAsync(_id))[0].Timestamp.ShouldBe(now.AddTicks(-7));
    }

    [Fact]
    public async Task Tenants_have_streams_of_their_own_under_one_id()
    {
        foreach (var tenant in (string[])["red", "blue"])
        {
            await using var session = bank.Store.OpenSession(tenant);
            session.Events.StartStream(_id, new NoteTaken(tenant));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var blue = bank.Store.OpenSession(new SessionOptions { TenantId = "blue" });
        var only = (await blue.Events.FetchStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken))
            .ShouldHaveSingleItem();
        only.Data.ShouldBe(new NoteTaken("blue"));
        only.TenantId.ShouldBe("blue");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }
}
