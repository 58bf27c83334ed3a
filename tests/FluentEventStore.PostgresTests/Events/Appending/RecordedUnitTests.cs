using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class RecordedUnitTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly StreamId _id = Guid.NewGuid();
    private readonly StreamId _index = $"index-{Guid.NewGuid()}";
    private readonly TcpProxy _proxy = new(bank.ConnectionString);
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = bank.CreateStore(options => options.Connection(_proxy.ConnectionString + ";Maximum Pool Size=1"));
        await bank.AppendAsync(_id, new NoteTaken("a"));
        await BankStore.WriteOnceAsync(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task Documents_alone_are_written_once_where_the_session_is_idempotent(TcpProxy.Break when)
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession(new SessionOptions { Idempotent = true });
        session.Insert(customer);

        await SaveAcrossABreakAsync(session, when);

        (await bank.ExecuteAsync($"select version from {{schema}}.doc_customer where id = '{customer.Id}'")).ShouldBe(1L);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task Documents_and_an_expectation_are_written_once_where_the_session_is_idempotent(TcpProxy.Break when)
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession(new SessionOptions { Idempotent = true });
        session.Events.Expect(_id, ExpectedVersion.Exactly(1));
        session.Insert(customer);

        await SaveAcrossABreakAsync(session, when);

        (await bank.ExecuteAsync($"select version from {{schema}}.doc_customer where id = '{customer.Id}'")).ShouldBe(1L);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task Events_and_documents_of_an_idempotent_session_are_written_once_without_a_row_of_their_own(TcpProxy.Break when)
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        var recorded = await bank.ExecuteAsync("select count(*) from {schema}.units");
        await using var session = _store.OpenSession(new SessionOptions { Idempotent = true });
        session.Events.Append(_id, new NoteTaken("b"));
        session.Insert(customer);

        (await SaveAcrossABreakAsync(session, when)).Streams[_id].ShouldBe(new StreamCommit(2, 2));

        (await bank.ExecuteAsync($"select version from {{schema}}.doc_customer where id = '{customer.Id}'")).ShouldBe(1L);
        (await bank.ExecuteAsync("select count(*) from {schema}.units")).ShouldBe(recorded);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task Links_are_written_once(TcpProxy.Break when)
    {
        await using var session = _store.OpenSession();
        session.Events.LinkTo(_index, await bank.FetchAsync(_id));

        var commit = await SaveAcrossABreakAsync(session, when);

        commit.Streams[_index].ShouldBe(new StreamCommit(1, 1));
        (await bank.ExecuteAsync(
            $"select count(*) from {{schema}}.links l join {{schema}}.streams s on s.key = l.stream where s.id = '{_index}'"))
            .ShouldBe(1L);
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task Events_links_documents_and_a_change_of_a_stream_are_written_once(TcpProxy.Break when)
    {
        var recorded = await bank.FetchAsync(_id);
        await using var session = _store.OpenSession();
        session.Events.Append(_index, new NoteTaken("own"));
        session.Events.LinkTo(_index, recorded);
        session.Events.ArchiveStream(_id);
        session.Insert(new Customer { Id = Guid.NewGuid(), Name = "Ada" });

        var commit = await SaveAcrossABreakAsync(session, when);

        commit.Streams[_index].ShouldBe(new StreamCommit(1, 2));
        commit.Streams.ContainsKey(_id).ShouldBeFalse();
        commit.Position.ShouldBeGreaterThan(recorded[0].Position);
    }

    [Fact]
    public async Task A_document_added_after_an_unknown_outcome_makes_another_unit_and_is_written()
    {
        await using var session = _store.OpenSession(new SessionOptions { Idempotent = true });
        session.Store(new Branch($"first-{_id}", "street"));
        _proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());

        session.Store(new Branch($"second-{_id}", "street"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_branch where id like '%-{_id}'")).ShouldBe(2L);
    }

    [Fact]
    public async Task The_next_unit_of_an_idempotent_session_is_another_one()
    {
        await using var session = bank.Store.OpenSession(new SessionOptions { Idempotent = true });
        for (var count = 1; count <= 2; count++)
        {
            session.Store(new Branch($"b-{_id}", "street"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            (await bank.ExecuteAsync($"select version from {{schema}}.doc_branch where id = 'b-{_id}'")).ShouldBe((long)count);
        }
    }

    private async Task<Commit> SaveAcrossABreakAsync(IDocumentSession session, TcpProxy.Break when)
    {
        _proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
