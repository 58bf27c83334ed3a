using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

public sealed class GroupCommitTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private const int Writers = 40;

    private readonly StreamId _id = Guid.NewGuid();
    private readonly FakeTimeProvider _clock = new();
    private EventStore _store = null!;

    // One lane: while the first unit waits for a lock that the test holds, all others wait for the lane and are combined. The clock stands
    // still, so that the lane is not given up, however slow the machine is.
    public async ValueTask InitializeAsync() => _store = await CreateStoreAsync(_clock, lanes: 1);

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Only_one_of_the_units_that_expect_the_same_version_and_are_written_together_is_accepted()
    {
        var outcomes = await SaveTogetherAsync(_ => events => events.Append(_id, ExpectedVersion.NoStream, new NoteTaken("a")));

        outcomes.Count(static outcome => outcome is Commit).ShouldBe(1);
        outcomes.OfType<StreamVersionConflictException>()
            .Select(static conflict => conflict.Actual)
            .ShouldAllBe(static actual => actual == 1);
        outcomes.OfType<StreamVersionConflictException>().Count().ShouldBe(Writers - 1);
        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_is_judged_against_the_versions_that_those_before_it_left()
    {
        var outcomes = await SaveTogetherAsync(number => events =>
            events.Append(_id, ExpectedVersion.Exactly(number), new NoteTaken($"{number}")));

        outcomes.OfType<Commit>()
            .Select(commit => commit.Streams[_id].Version)
            .ShouldBe(Enumerable.Range(1, Writers).Select(static version => (long)version));
        (await bank.FetchAsync(_id)).Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(
            Enumerable.Range(0, Writers).Select(static number => $"{number}"));
    }

    [Fact]
    public async Task A_refused_unit_leaves_nothing_behind_and_those_beside_it_are_written()
    {
        var outcomes = await SaveTogetherAsync(number => events =>
        {
            events.Append($"{_id}-{number}", new NoteTaken("own"));
            events.Append(
                $"{_id}-new-{number}", number % 2 == 0 ? ExpectedVersion.Exactly(5) : ExpectedVersion.NoStream, new NoteTaken("other"));
        });

        outcomes.OfType<StreamVersionConflictException>().Count().ShouldBe(Writers / 2);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where id like '{_id}-%'")).ShouldBe((long)Writers);
        (await bank.ExecuteAsync(
            $"select count(*) from {{schema}}.streams s join {{schema}}.events e on e.stream = s.key where s.id like '{_id}-%'"))
            .ShouldBe((long)Writers);
    }

    [Fact]
    public async Task The_same_unit_saved_many_times_at_once_is_written_once()
    {
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid() };
        var outcomes = await SaveTogetherAsync(_ => events => events.Append(_id, new NoteTaken("a"), new NoteTaken("b")).WithEventIds(ids));

        outcomes.OfType<Commit>().Count().ShouldBe(Writers);
        outcomes.OfType<Commit>().Select(static commit => commit.Position).Distinct().ShouldHaveSingleItem();
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Only_the_unit_that_holds_known_ids_of_another_is_refused()
    {
        var known = Guid.NewGuid();
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.Append($"{_id}-before", new NoteTaken("a")).WithEventId(known);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var outcomes = await SaveTogetherAsync(number => events =>
        {
            var pending = events.Append($"{_id}-{number}", new NoteTaken("b"));
            if (number == 7)
                pending.WithEventId(known);
        });

        outcomes.OfType<DuplicateEventException>().ShouldHaveSingleItem().EventIds.ShouldBe([known]);
        outcomes.OfType<Commit>().Count().ShouldBe(Writers - 1);
    }

    [Fact]
    public async Task An_archived_stream_refuses_only_its_own_unit()
    {
        await bank.AppendAsync($"{_id}-3", new NoteTaken("a"));
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.ArchiveStream($"{_id}-3");
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var outcomes = await SaveTogetherAsync(number => events => events.Append($"{_id}-{number}", new NoteTaken("b")));

        outcomes.OfType<StreamArchivedException>().ShouldHaveSingleItem().StreamId.ShouldBe($"{_id}-3");
        outcomes.OfType<Commit>().Count().ShouldBe(Writers - 1);
    }

    [Fact]
    public async Task Streams_whose_order_differs_in_UTF_16_and_UTF_8_get_their_own_events()
    {
        StreamId StreamOf(int number) => $"{(number % 2 == 0 ? "\U0001F600" : "\uFF5E")}-{_id}-{number}";
        var outcomes = await SaveTogetherAsync(number => events =>
        {
            events.Append(StreamOf(number), new NoteTaken($"{number}"));
            events.Append(_id, new NoteTaken($"{number}"));
        });

        outcomes.Length.ShouldBe(Writers);
        for (var number = 0; number < Writers; number++)
        {
            outcomes[number].ShouldBeOfType<Commit>().Streams[_id].Version.ShouldBe(number + 1);
            (await bank.FetchAsync(StreamOf(number))).ShouldHaveSingleItem().Data.ShouldBe(new NoteTaken($"{number}"));
        }
    }

    [Fact]
    public async Task Each_unit_keeps_its_metadata_and_headers()
    {
        var outcomes = await SaveTogetherAsync(
            number => events =>
            {
                var pending = events.Append(_id, new NoteTaken($"{number}"));
                if (number % 2 == 0)
                    pending.WithHeader("number", $"{number}");
            },
            (session, number) => session.CorrelationId = number % 3 == 0 ? null : $"c{number}");

        outcomes.OfType<Commit>().Count().ShouldBe(Writers);
        foreach (var e in await bank.FetchAsync(_id))
        {
            var number = int.Parse(((NoteTaken)e.Data).Text, System.Globalization.CultureInfo.InvariantCulture);
            e.CorrelationId.ShouldBe(number % 3 == 0 ? null : $"c{number}");
            e.Headers.Count.ShouldBe(number % 2 == 0 ? 1 : 0);
            if (number % 2 == 0)
                e.Headers["number"].ShouldBe($"{number}");
        }
    }

    [Fact]
    public async Task A_unit_that_is_cancelled_while_it_waits_is_not_written()
    {
        using var cancellation = new CancellationTokenSource();
        var (release, first) = await HoldTheLaneAsync();
        await using (release)
        {
            await using var session = _store.OpenSession();
            session.Events.Append(_id, new NoteTaken("a"));
            var saving = session.SaveChangesAsync(cancellation.Token);
            await cancellation.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => saving);
        }

        await first;
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_statement_that_fails_as_a_whole_fails_only_its_culprit()
    {
        // Stands in for what only the server refuses, such as a payload beyond the limits of jsonb.
        await bank.ExecuteAsync(
            "alter table {schema}.events add constraint no_poison check (data->>'text' is distinct from 'poison') not valid");
        var outcomes = await SaveTogetherAsync(
            number => events => events.Append($"{_id}-{number}", new NoteTaken(number == 9 ? "poison" : "fine")));

        outcomes.OfType<PostgresException>().ShouldHaveSingleItem().SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        outcomes.OfType<Commit>().Count().ShouldBe(Writers - 1);
    }

    [Fact]
    public async Task Each_unit_of_a_statement_that_fails_gets_an_exception_of_its_own()
    {
        await bank.ExecuteAsync("""
            create function {schema}.die() returns trigger language plpgsql as
              'begin perform pg_terminate_backend(pg_backend_pid()); return new; end';
            create trigger die before insert on {schema}.events
              for each row when (new.data->>'text' = 'deadly') execute function {schema}.die();
            """);
        var outcomes = await SaveTogetherAsync(number => events => events.Append($"{_id}-{number}", new NoteTaken("deadly")));

        outcomes.OfType<CommitOutcomeUnknownException>().Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(Writers);
        outcomes.OfType<CommitOutcomeUnknownException>().ShouldAllBe(static unknown => unknown.InnerException is PostgresException);
        await bank.ExecuteAsync("drop function {schema}.die() cascade");
    }

    [Fact]
    public async Task What_a_session_does_after_an_unknown_outcome_reaches_no_unit_that_is_still_being_sent()
    {
        await bank.ExecuteAsync("""
            create table {schema}.gate ();
            create sequence {schema}.arrivals;
            create function {schema}.linger() returns trigger language plpgsql security definer as
              'begin
                 perform nextval(''{schema}.arrivals'');
                 while exists (select from {schema}.gate) loop perform pg_sleep(0.01); end loop;
                 if new.data->>''text'' = ''refused'' then raise check_violation; end if;
                 return new;
               end';
            create trigger linger before insert on {schema}.events
              for each row when (new.data->>'text' in ('slow', 'refused')) execute function {schema}.linger();
            insert into {schema}.gate default values;
            """);
        var (release, first) = await HoldTheLaneAsync();
        using var cancellation = new CancellationTokenSource();
        await using var session = _store.OpenSession();
        session.Events.Append($"{_id}-a", new NoteTaken("1"), new NoteTaken("2"), new NoteTaken("3"));
        var saving = session.SaveChangesAsync(cancellation.Token);
        var neighbours = new[] { SaveAsync($"{_id}-b", "refused", "b"), SaveAsync($"{_id}-c", "c", "c"), SaveAsync($"{_id}-d", "d") };
        await release.DisposeAsync();
        await first;
        await Eventually.BecomesTrueAsync(
            async () => await bank.ExecuteAsync("select is_called from {schema}.arrivals") is true, "the statement is being executed");
        await cancellation.CancelAsync();
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(saving.IsCompleted);
            },
            "the session no longer waits for the statement");
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => saving);

        session.EjectAllPendingChanges();
        session.Events.Append($"{_id}-a", new NoteTaken("4"));
        await bank.ExecuteAsync("delete from {schema}.gate");
        (await Should.ThrowAsync<PostgresException>(() => neighbours[0])).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await neighbours[1]).Streams[$"{_id}-c"].ShouldBe(new StreamCommit(1, 2));
        (await neighbours[2]).Streams[$"{_id}-d"].ShouldBe(new StreamCommit(1, 1));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        foreach (var (stream, count) in new[] { ("a", 4), ("c", 2), ("d", 1) })
        {
            var events = await bank.FetchAsync($"{_id}-{stream}");
            events.Select(static e => e.Version).ShouldBe(Enumerable.Range(1, count).Select(static version => (long)version));
            events[^1].Version.ShouldBe(
                (long)(await bank.ExecuteAsync($"select version from {{schema}}.streams where id = '{_id}-{stream}'"))!);
        }

        await bank.ExecuteAsync("drop function {schema}.linger() cascade; drop table {schema}.gate; drop sequence {schema}.arrivals");

        async Task<Commit> SaveAsync(StreamId id, params string[] texts)
        {
            await using var other = _store.OpenSession();
            other.Events.Append(id, texts.Select(static text => new NoteTaken(text)));
            return await other.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_large_unit_does_not_wait_for_a_lane()
    {
        var (release, first) = await HoldTheLaneAsync();
        await using (release)
        {
            await using var session = _store.OpenSession();
            session.Events.Append(_id, [.. Enumerable.Range(0, 101).Select(static number => new NoteTaken($"{number}"))]);
            (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(101);
        }

        await first;
    }

    [Fact]
    public async Task A_unit_that_waits_for_a_locked_stream_does_not_keep_the_others_waiting()
    {
        await _store.DisposeAsync();
        _store = await CreateStoreAsync(TimeProvider.System, lanes: 1);
        var (release, first) = await HoldTheLaneAsync();
        await using (release)
        {
            var saving = Enumerable.Range(0, Writers).Select(async number =>
            {
                await using var session = _store.OpenSession();
                session.Events.Append($"{_id}-{number}", new NoteTaken("x"));
                return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            });

            (await Task.WhenAll(saving)).Length.ShouldBe(Writers);
            first.IsCompleted.ShouldBeFalse();
        }

        await first;
    }

    [Fact]
    public async Task A_stream_that_is_held_keeps_neither_the_units_in_its_statement_waiting_nor_those_that_come_after()
    {
        await _store.DisposeAsync();
        _store = await CreateStoreAsync(_clock, lanes: 2);

        // The first lane that gets free sends two units, one of them for a locked stream.
        var (release, first) = await HoldTheLaneAsync();
        var (releaseOther, other) = await HoldTheLaneAsync();
        await using var hold = await HoldAsync(_id);
        var pair = new[] { SaveAsync(_id), SaveAsync($"{_id}-beside") };
        await release.DisposeAsync();
        await first;
        await pair[1];
        await releaseOther.DisposeAsync();
        await other;

        // The clock stands still: nobody gets a lane because another one counts as stuck after a while.
        await SaveAsync($"{_id}-alone").WaitAsync(Eventually.HangGuard, TestContext.Current.CancellationToken);

        pair[0].IsCompleted.ShouldBeFalse();
        await hold.DisposeAsync();
        await Task.WhenAll(pair);

        async Task SaveAsync(StreamId id)
        {
            await using var session = _store.OpenSession();
            session.Events.Append(id, new NoteTaken("a"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<EventStore> CreateStoreAsync(TimeProvider clock, int lanes)
    {
        var store = bank.CreateStore(options =>
        {
            options.WaitClock = clock;
            options.CommandTimeout = Eventually.HangGuard;
            options.Events.GroupCommit.Lanes = lanes;
        });
        await BankStore.WriteOnceAsync(store);
        return store;
    }

    /// <summary>Saves units in the order of their numbers while the only lane is busy, so that all of them are written together.</summary>
    private async Task<object[]> SaveTogetherAsync(Func<int, Action<IEventOperations>> work, Action<IDocumentSession, int>? set = null)
    {
        var (release, first) = await HoldTheLaneAsync();
        var saving = new List<Task<object>>();
        await using (release)
        {
            for (var number = 0; number < Writers; number++)
                saving.Add(SaveAsync(number));
        }

        await first;
        return await Task.WhenAll(saving);

        async Task<object> SaveAsync(int number)
        {
            await using var session = _store.OpenSession();
            set?.Invoke(session, number);
            work(number)(session.Events);
            try
            {
                return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            }
            catch (Exception failure) when (failure is FluentEventStoreException or NpgsqlException)
            {
                return failure;
            }
        }
    }

    private async Task<(IAsyncDisposable Release, Task First)> HoldTheLaneAsync()
    {
        StreamId held = $"held-{Guid.NewGuid()}";
        var release = await HoldAsync(held);
        await using var session = _store.OpenSession();
        session.Events.Append(held, new NoteTaken("first"));
        return (release, session.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Locks a stream as long as the returned connection is open.</summary>
    private async Task<NpgsqlConnection> HoldAsync(StreamId held)
    {
        await bank.AppendAsync(held, new NoteTaken("a"));
        return await bank.HoldAsync(held);
    }
}
