using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>A unit is saved again until its outcome is known, and what then stands against it is told.</summary>
public sealed class KnownOutcomeTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, TcpProxy.Break> Conflicts => new MatrixTheoryData<string, TcpProxy.Break>(
        ["start", "expect", "insert", "insert-with-event", "update"],
        [TcpProxy.Break.BeforeTheClientGetsTheAnswer, TcpProxy.Break.BeforeTheServerGetsIt]);

    [Theory, MemberData(nameof(Conflicts))]
    public async Task What_others_wrote_stands_against_a_unit_whose_first_outcome_is_unknown(string what, TcpProxy.Break when)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = await CreateStoreAsync(proxy);
        await using var session = store.OpenSession(new SessionOptions { Idempotent = what != "update" });
        await WriteAsOtherAsync();
        Collect(session, what);
        proxy.BreakNext(when);

        var failure = await Should.ThrowAsync<FluentEventStoreException>(
            () => session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(60), Token));

        proxy.Met.IsCompleted.ShouldBeTrue();
        failure.ShouldBeOfType(what switch
        {
            "start" => typeof(StreamAlreadyExistsException),
            "expect" => typeof(StreamVersionConflictException),
            "update" => typeof(DocumentConflictException),
            _ => typeof(DocumentAlreadyExistsException),
        });
        (await bank.FetchAsync(_id)).ShouldHaveSingleItem().Data.ShouldBe(new NoteTaken("of another"));
        await using var reading = bank.Store.OpenQuerySession();
        (await reading.LoadAsync<Customer>(_id, Token))!.Name.ShouldBe("Other");
    }

    [Theory]
    [InlineData("start")]
    [InlineData("expect")]
    [InlineData("insert")]
    [InlineData("insert-with-event")]
    public async Task A_unit_that_was_committed_at_first_is_not_refused_for_what_it_wrote_itself(string what)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = await CreateStoreAsync(proxy);
        await using var session = store.OpenSession(new SessionOptions { Idempotent = true });
        Collect(session, what);
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);

        await session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(60), Token);

        proxy.Met.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_document_that_a_unit_inserts_which_the_store_would_not_know_again_leaves_the_outcome_unknown()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = await CreateStoreAsync(proxy);
        await using var session = store.OpenSession();
        Collect(session, "insert");
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);

        var failure = await Should.ThrowAsync<CommitOutcomeUnknownException>(
            () => session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(60), Token));

        failure.InnerException.ShouldBeOfType<DocumentAlreadyExistsException>();
    }

    private void Collect(IDocumentSession session, string what)
    {
        if (what == "start")
            session.Events.StartStream(_id, new NoteTaken("mine"));
        else if (what == "expect")
            session.Events.Append(_id, ExpectedVersion.Exactly(0), new NoteTaken("mine"));
        else if (what == "update")
            session.Update(new Customer { Id = _id, Name = "Ada" }, expectedVersion: 7);
        else
            session.Insert(new Customer { Id = _id, Name = "Ada" });

        if (what == "insert-with-event")
            session.Events.Append($"beside-{_id}", new NoteTaken("mine"));
    }

    private async Task WriteAsOtherAsync()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("of another"));
        session.Store(new Customer { Id = _id, Name = "Other" });
        await session.SaveChangesAsync(Token);
    }

    private async Task<EventStore> CreateStoreAsync(TcpProxy proxy)
    {
        var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        return store;
    }
}
