using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

public abstract class BrokenConnectionTests(BankStore bank) : IAsyncLifetime
{
    private readonly StreamId _id = Guid.NewGuid();
    private readonly TcpProxy _proxy = new(bank.ConnectionString);
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = bank.CreateStore(options => options.Connection(_proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, false)]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, true)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, false)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, true)]
    [InlineData(TcpProxy.Break.WithAStrayMessage, false)]
    [InlineData(TcpProxy.Break.WithAStrayMessage, true)]
    public async Task A_unit_whose_outcome_is_unknown_is_written_once_when_it_is_saved_again(TcpProxy.Break when, bool withExpectation)
    {
        await bank.AppendAsync(_id, new NoteTaken("before"));
        var told = 0;
        await using var session = _store.OpenSession(new SessionOptions { Saved = _ => told++ });
        session.Events.Append(
            _id, withExpectation ? ExpectedVersion.Exactly(1) : ExpectedVersion.Any, new NoteTaken("a"), new NoteTaken("b"));

        _proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());
        told.ShouldBe(0);
        var written = await bank.FetchAsync(_id);
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        written.Count.ShouldBe(when == TcpProxy.Break.BeforeTheServerGetsIt ? 1 : 3);
        commit.Streams[_id].ShouldBe(new StreamCommit(2, 3));
        (await bank.FetchAsync(_id)).Count.ShouldBe(3);
        told.ShouldBe(1);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task A_unit_with_documents_whose_outcome_is_unknown_is_written_once_when_it_is_saved_again(TcpProxy.Break when)
    {
        var customer = new Customer { Name = "Ada" };
        await using var session = _store.OpenSession();
        session.Insert(customer);
        session.Events.StartStream(_id, new NoteTaken("a"));

        _proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());
        var commit = await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        commit.Streams[_id].Version.ShouldBe(1);
        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_customer where id = '{customer.Id}'")).ShouldBe(1L);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unit_whose_connection_broke_while_the_server_commits_is_written_once_when_it_is_saved_again(bool theServerGoesOn)
    {
        await using var holder = await HoldCommitsAsync();
        await using var session = _store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.NoStream, new NoteTaken("a"), new NoteTaken("b"));
        var saving = session.SaveChangesAsync(TestContext.Current.CancellationToken);
        var committing = await WaitUntilBlockedAsync();

        _proxy.BreakNow();
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => saving);
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
        if (!theServerGoesOn)
            await bank.ExecuteAsync($"select pg_terminate_backend({committing}, 180000)");
        var savingAgain = session.SaveChangesAsync(TestContext.Current.CancellationToken);
        await WaitUntilBlockedAsync(otherThan: committing);
        await holder.CloseAsync();

        var commit = await savingAgain;
        commit.Streams[_id].ShouldBe(new StreamCommit(1, 2));
        var events = await bank.FetchAsync(_id);
        events.Count.ShouldBe(2);
        events[^1].Position.ShouldBe(commit.Position);
        await bank.ExecuteAsync("drop function {schema}.wait_in_commit() cascade");
    }

    [Fact]
    public async Task What_is_added_after_an_unknown_outcome_is_never_taken_as_written()
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        _proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());

        session.Store(customer);
        var refusal = await Should.ThrowAsync<DuplicateEventException>(
            () => session.SaveChangesAsync(TestContext.Current.CancellationToken));

        refusal.EventIds.ShouldBe((await bank.FetchAsync(_id)).Select(static e => e.Id));
        (await session.LoadAsync<Customer>(customer.Id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_added_after_an_attempt_that_wrote_nothing_is_written_with_the_rest()
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        _proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());

        session.Store(customer);
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(1);

        (await session.LoadAsync<Customer>(customer.Id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_broken_connection_while_reading_passes_through_and_the_session_reads_again()
    {
        await bank.AppendAsync(_id, new NoteTaken("a"));
        await using var session = _store.OpenSession();
        _proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<NpgsqlException>(() => session.Events.FetchStreamAsync(_id));
        (await session.Events.FetchStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_save_canceled_while_it_waits_for_a_stream_writes_nothing_and_can_be_saved_again()
    {
        await bank.AppendAsync(_id, new NoteTaken("before"));
        await using var hold = await bank.HoldAsync(_id);

        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        using var cancellation = new CancellationTokenSource();
        var saving = session.SaveChangesAsync(cancellation.Token);
        await WaitUntilBlockedAsync();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => saving);
        await hold.DisposeAsync();

        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(2);
    }

    /// <summary>
    /// Holds all transactions that write events in the middle of their commit, as long as the returned connection is open.
    /// </summary>
    private async Task<NpgsqlConnection> HoldCommitsAsync()
    {
        var gate = bank.Schema.GetHashCode(StringComparison.Ordinal);
        await bank.ExecuteAsync($"""
            create function {bank.Schema}.wait_in_commit() returns trigger language plpgsql as
              'begin perform pg_advisory_xact_lock_shared(1, {gate}); return null; end';
            create constraint trigger wait_in_commit after insert on {bank.Schema}.events deferrable initially deferred
              for each row execute function {bank.Schema}.wait_in_commit();
            """);
        var holder = new NpgsqlConnection(bank.ConnectionString + ";Pooling=false");
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand($"select pg_advisory_lock(1, {gate})", holder);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return holder;
    }

    /// <summary>Returns the process id of the server that waits for a lock on behalf of an append.</summary>
    private async Task<int> WaitUntilBlockedAsync(int otherThan = 0)
    {
        const string Blocked =
            "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%{schema}%append%' and pid <> ";
        while (true)
        {
            if (await bank.ExecuteAsync(Blocked + otherThan) is int blocked)
                return blocked;

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
