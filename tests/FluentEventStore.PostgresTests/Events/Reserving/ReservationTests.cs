using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>Values that only one stream of a tenant may hold.</summary>
public sealed class ReservationTests(LifeCycleStore bank) : IClassFixture<LifeCycleStore>
{
    private readonly string _email = $"{Guid.NewGuid()}@example.org";
    private readonly StreamId _a = $"a-{Guid.NewGuid()}";
    private readonly StreamId _b = $"b-{Guid.NewGuid()}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_held_by_the_stream_that_reserved_it()
    {
        (await HolderAsync()).ShouldBeNull();

        await SaveAsync(session =>
        {
            session.Events.StartStream(_a, new NoteTaken("a"));
            session.Reserve("email", _email, _a);
        });

        (await HolderAsync()).ShouldBe(_a);
        (await bank.FetchAsync(_a)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_value_of_another_stream_is_refused_and_nothing_of_the_unit_is_written()
    {
        await ReserveAsync(_a);

        var conflict = await Should.ThrowAsync<ReservationConflictException>(() => SaveAsync(session =>
        {
            session.Events.StartStream(_b, new NoteTaken("b"));
            session.Store(new Customer { Name = _email });
            session.Reserve("phone", _email, _b);
            session.Reserve("email", _email, _b);
        }));

        (conflict.Name, conflict.Value, conflict.Owner, conflict.HeldBy, conflict.TenantId)
            .ShouldBe(("email", _email, _b, _a, TenantId.Default));
        (await bank.FetchAsync(_b)).ShouldBeEmpty();
        (await HolderAsync("phone")).ShouldBeNull();
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_customer where data->>'name' = '{_email}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Reserving_again_for_the_same_stream_does_nothing()
    {
        await ReserveAsync(_a);
        await ReserveAsync(_a);

        (await HolderAsync()).ShouldBe(_a);
    }

    [Fact]
    public async Task A_reservation_leaves_no_stream_behind_that_has_no_events()
    {
        await ReserveAsync(_a);

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where id = '{_a}'")).ShouldBe(0L);
        await SaveAsync(session => session.Events.StartStream(_a, new NoteTaken("a")));
    }

    [Fact]
    public async Task Values_are_compared_exactly_and_names_and_tenants_apart()
    {
        await ReserveAsync(_a);
        await SaveAsync(session => session.Reserve("email", _email.ToUpperInvariant(), _b));
        await SaveAsync(session => session.Reserve("login", _email, _b));
        await SaveAsync(session => session.Reserve("email", _email, _b), "red");

        (await HolderAsync()).ShouldBe(_a);
        (await HolderAsync("login")).ShouldBe(_b);
        await using var red = bank.Store.OpenQuerySession("red");
        (await red.FindReservationAsync("email", _email, Token)).ShouldBe(_b);
    }

    [Fact]
    public async Task Long_values_of_any_script_are_told_apart()
    {
        var start = string.Concat(Enumerable.Range(0, 999).Select(index => (char)('\u4e00' + ((index * 7919) % 20_000))));
        await SaveAsync(session =>
        {
            session.Reserve("long", start + "a", _a);
            session.Reserve("long", start + "b", _b);
        });

        await using var session = bank.Store.OpenQuerySession();
        (await session.FindReservationAsync("long", start + "a", Token)).ShouldBe(_a);
        (await session.FindReservationAsync("long", start + "b", Token)).ShouldBe(_b);
    }

    [Fact]
    public async Task Only_the_owner_releases_a_value()
    {
        await ReserveAsync(_a);

        await SaveAsync(session => session.Release("email", _email, _b));
        (await HolderAsync()).ShouldBe(_a);

        await SaveAsync(session => session.Release("email", _email, _a));
        (await HolderAsync()).ShouldBeNull();
        await SaveAsync(session => session.Release("email", _email, _a));
    }

    [Fact]
    public async Task Of_several_calls_for_one_value_the_last_one_counts()
    {
        await SaveAsync(session =>
        {
            session.Reserve("email", _email, _a);
            session.Release("email", _email, _a);
        });
        (await HolderAsync()).ShouldBeNull();

        await SaveAsync(session =>
        {
            session.Release("email", _email, _a);
            session.Reserve("email", _email, _a);
            session.Reserve("email", _email, _b);
        });
        (await HolderAsync()).ShouldBe(_b);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_value_passes_to_another_stream_in_one_unit(bool releasesFirst)
    {
        await ReserveAsync(_a);

        await SaveAsync(session =>
        {
            if (releasesFirst)
                session.Release("email", _email, _a);
            session.Reserve("email", _email, _b);
            if (!releasesFirst)
                session.Release("email", _email, _a);
        });

        (await HolderAsync()).ShouldBe(_b);
    }

    [Fact]
    public async Task Two_streams_exchange_their_values_in_one_unit()
    {
        await SaveAsync(session =>
        {
            session.Reserve("email", _email, _a);
            session.Reserve("email", "b" + _email, _b);
        });

        await SaveAsync(session =>
        {
            session.Release("email", _email, _a);
            session.Release("email", "b" + _email, _b);
            session.Reserve("email", _email, _b);
            session.Reserve("email", "b" + _email, _a);
        });

        (await HolderAsync()).ShouldBe(_b);
        await using var session = bank.Store.OpenQuerySession();
        (await session.FindReservationAsync("email", "b" + _email, Token)).ShouldBe(_a);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("tombstone")]
    [InlineData("hard-delete")]
    public async Task A_stream_that_ends_frees_what_it_holds(string verb)
    {
        await StartAndReserveAsync(_a);
        await SaveAsync(session => End(session, verb));

        (await HolderAsync()).ShouldBeNull();
        await ReserveAsync(_b);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.freed_reservations where owner = '{_a}'"))
            .ShouldBe(verb == "delete" ? 1L : 0L);
    }

    [Fact]
    public async Task Another_stream_may_take_a_value_in_the_unit_that_deletes_its_owner()
    {
        await StartAndReserveAsync(_a);
        await SaveAsync(session =>
        {
            session.Reserve("email", _email, _b);
            session.Events.DeleteStream(_a);
        });

        (await HolderAsync()).ShouldBe(_b);
    }

    [Fact]
    public async Task An_archived_stream_keeps_what_it_holds()
    {
        await StartAndReserveAsync(_a);
        await SaveAsync(session => session.Events.ArchiveStream(_a));
        (await HolderAsync()).ShouldBe(_a);

        await SaveAsync(session => session.Release("email", _email, _a));
        await SaveAsync(session => session.Events.UnarchiveStream(_a));
        (await HolderAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_is_undeleted_gets_back_what_it_held()
    {
        await StartAndReserveAsync(_a);
        await SaveAsync(session => session.Events.DeleteStream(_a));
        await SaveAsync(session => session.Events.UndeleteStream(_a));

        (await HolderAsync()).ShouldBe(_a);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.freed_reservations where owner = '{_a}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_stream_is_not_undeleted_while_another_one_holds_what_it_held()
    {
        await StartAndReserveAsync(_a);
        await SaveAsync(session => session.Events.DeleteStream(_a));
        await ReserveAsync(_b);

        var conflict = await Should.ThrowAsync<ReservationConflictException>(
            () => SaveAsync(session => session.Events.UndeleteStream(_a)));
        (conflict.Owner, conflict.HeldBy).ShouldBe((_a, _b));

        // Whoever undeletes it may do without.
        await SaveAsync(session =>
        {
            session.Events.UndeleteStream(_a);
            session.Release("email", _email, _a);
        });
        (await HolderAsync()).ShouldBe(_b);
        (await bank.FetchAsync(_a)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_stream_cannot_reserve_and_what_a_deleting_unit_reserves_is_freed()
    {
        await SaveAsync(session =>
        {
            session.Events.StartStream(_a, new NoteTaken("a"));
            session.Reserve("email", _email, _a);
        });
        await SaveAsync(session =>
        {
            session.Reserve("phone", _email, _a);
            session.Events.DeleteStream(_a);
        });
        (await HolderAsync("phone")).ShouldBeNull();

        (await Should.ThrowAsync<StreamDeletedException>(() => ReserveAsync(_a))).StreamId.ShouldBe(_a);
        await SaveAsync(session => session.Events.UndeleteStream(_a));
        (await HolderAsync("phone")).ShouldBe(_a);
        (await HolderAsync()).ShouldBe(_a);
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_at_the_call_and_leave_the_session_empty()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Reserve("", "a", _a));
        Should.Throw<ArgumentException>(() => session.Reserve(new string('n', 251), "a", _a));
        Should.Throw<ArgumentException>(() => session.Reserve("natural-key/order", "a", _a));
        Should.Throw<ArgumentException>(() => session.Reserve("email", "", _a));
        Should.Throw<ArgumentException>(() => session.Reserve("email", new string('v', 1_001), _a));
        Should.Throw<ArgumentException>(() => session.Reserve("email", "a\0", _a));
        Should.Throw<ArgumentException>(() => session.Release("email", "\ud800", _a));
        Should.Throw<ArgumentException>(() => session.Reserve("email", "a", default));
        await Should.ThrowAsync<ArgumentException>(() => session.FindReservationAsync("email", "", Token));

        session.HasPendingChanges.ShouldBeFalse();
        session.Reserve("email", new string('v', 1_000), _a);
        session.HasPendingChanges.ShouldBeTrue();
        session.EjectAllPendingChanges();
        session.HasPendingChanges.ShouldBeFalse();
        (await session.SaveChangesAsync(Token)).Position.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_of_the_caller_holds_others_until_it_ends(bool commits)
    {
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Token);
        Task racing;
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Reserve("email", _email, _a);
            await session.SaveChangesAsync(Token);
            (await session.FindReservationAsync("email", _email, Token)).ShouldBe(_a);
            (await HolderAsync()).ShouldBeNull();

            racing = ReserveAsync(_b);
            await WaitUntilSomebodyWaitsForAsync(connection.ProcessID);
            if (commits)
                await transaction.CommitAsync(Token);
            else
                await transaction.RollbackAsync(Token);
        }

        if (commits)
            (await Should.ThrowAsync<ReservationConflictException>(() => racing)).HeldBy.ShouldBe(_a);
        else
            await racing;
        (await HolderAsync()).ShouldBe(commits ? _a : _b);
    }

    [Fact]
    public async Task Of_many_sessions_of_several_stores_that_want_a_value_one_gets_it()
    {
        await using var other = bank.CreateStore();
        EventStore[] stores = [bank.Store, other];
        for (var round = 0; round < 10; round++)
        {
            var value = $"{round}{_email}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => TryReserveAsync(stores[index % 2], value, index)));

            outcomes.Count(static won => won).ShouldBe(1);
            var winner = Array.IndexOf(outcomes, true);
            await using var session = bank.Store.OpenQuerySession();
            (await session.FindReservationAsync("email", value, Token)).ShouldBe((StreamId)$"r-{winner}-{value}");
        }
    }

    [Fact]
    public async Task Units_that_want_several_values_in_different_orders_do_not_deadlock()
    {
        var values = Enumerable.Range(0, 20).Select(index => $"{index}{_email}").ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var random = new Random(worker);
            for (var round = 0; round < 20; round++)
            {
                await using var session = bank.Store.OpenSession();
                foreach (var value in random.GetItems(values, 6))
                {
                    session.Reserve("email", value, $"w-{worker}");
                    session.Release("email", random.GetItems(values, 1)[0], $"w-{worker}");
                }

                try
                {
                    await session.SaveChangesAsync(Token);
                }
                catch (ReservationConflictException)
                {
                    await using var release = bank.Store.OpenSession();
                    foreach (var value in values)
                        release.Release("email", value, $"w-{worker}");
                    await release.SaveChangesAsync(Token);
                }
            }
        }));
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, true)]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, false)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, true)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, false)]
    public async Task A_unit_whose_outcome_is_unknown_is_safe_to_save_again(TcpProxy.Break when, bool withEvents)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Reserve("email", _email, _a);
        if (withEvents)
            session.Events.Append(_a, new NoteTaken("a"));

        proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
        var wasWritten = when == TcpProxy.Break.BeforeTheClientGetsTheAnswer;
        (await HolderAsync() is not null).ShouldBe(wasWritten);

        // If it was written, others may move the value on, and the unit must neither fail for that nor take it back.
        if (wasWritten)
            await SaveAsync(other =>
            {
                other.Release("email", _email, _a);
                other.Reserve("email", _email, _b);
            });

        await session.SaveChangesAsync(Token);

        (await HolderAsync()).ShouldBe(wasWritten ? _b : _a);
        (await bank.FetchAsync(_a)).Count.ShouldBe(withEvents ? 1 : 0);
    }

    [Fact]
    public async Task A_unit_that_another_session_wrote_before_leaves_reservations_alone()
    {
        var eventId = Guid.NewGuid();
        await SaveAsync(session =>
        {
            session.Events.Append(_a, new NoteTaken("a")).WithEventId(eventId);
            session.Reserve("email", _email, _a);
        });
        await SaveAsync(session =>
        {
            session.Release("email", _email, _a);
            session.Reserve("email", _email, _b);
        });

        await SaveAsync(session =>
        {
            session.Events.Append(_a, new NoteTaken("a")).WithEventId(eventId);
            session.Reserve("email", _email, _a);
        });

        (await HolderAsync()).ShouldBe(_b);
    }

    private static async Task<bool> TryReserveAsync(EventStore store, string value, int index)
    {
        await using var session = store.OpenSession();
        session.Reserve("email", value, $"r-{index}-{value}");
        if (index % 3 == 0)
            session.Events.Append($"r-{index}-{value}", new NoteTaken("r"));
        try
        {
            await session.SaveChangesAsync(Token);
            return true;
        }
        catch (ReservationConflictException conflict)
        {
            conflict.Value.ShouldBe(value);
            return false;
        }
    }

    private async Task WaitUntilSomebodyWaitsForAsync(int processId)
    {
        while (!(bool)(await bank.ExecuteAsync(
            $"select exists (select from pg_stat_activity a where {processId} = any (pg_blocking_pids(a.pid)))"))!)
            await Task.Delay(10, Token);
    }

    private void End(IDocumentSession session, string verb)
    {
        if (verb == "delete")
            session.Events.DeleteStream(_a);
        else if (verb == "tombstone")
            session.Events.TombstoneStream(_a);
        else
            session.Events.HardDeleteStream(_a);
    }

    private Task StartAndReserveAsync(StreamId owner) => SaveAsync(session =>
    {
        session.Events.StartStream(owner, new NoteTaken("a"));
        session.Reserve("email", _email, owner);
    });

    private Task ReserveAsync(StreamId owner) => SaveAsync(session => session.Reserve("email", _email, owner));

    private async Task SaveAsync(Action<IDocumentSession> collect, TenantId tenantId = default)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        collect(session);
        await session.SaveChangesAsync(Token);
    }

    private async Task<StreamId?> HolderAsync(string name = "email")
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.FindReservationAsync(name, _email, Token);
    }
}
