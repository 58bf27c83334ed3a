using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets;

public sealed class WriteTests(SnippetStore snippets)
{
    private readonly EventStore _store = snippets.Store;
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_unit_of_work_collects_events_and_documents_and_is_saved_as_one()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (id, eventId) = (_id, Guid.CreateVersion7());
        var customer = new Customer { Name = "Ada" };
        await using IDocumentSession session = _store.OpenSession();      // OpenSession("tenant"), OpenSession(new SessionOptions { … })
        session.CorrelationId = "request 1";
        session.CausationId = "command 1";
        session.UserName = "ada";
        session.SetHeader("ip", "127.0.0.1");

        session.Events.StartStream<Account>(
            id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 10m, "EUR", DateTimeOffset.UtcNow)); // the stream must be new
        session.Events.Append(id, new MoneyDeposited(id, 5m, "EUR", DateTimeOffset.UtcNow)); // never conflicts
        // Or NoStream, StreamExists, Any; lists through IEnumerable<object>
        session.Events.Append(id, ExpectedVersion.Exactly(3), new MoneyWithdrawn(id, 2m));
        session.Events.Append(id, new MoneyDeposited(id, 1m, "EUR", DateTimeOffset.UtcNow))
            .WithEventId(eventId)
            .WithHeader("source", "import"); // fluent, applies to the events of that call
        session.Store(customer);

        Commit commit = await session.SaveChangesAsync(cancellationToken);

        commit.Position.ShouldBeGreaterThan(0);
        commit.Streams[id].Version.ShouldBe(5);
        var last = (await session.Events.FetchStreamAsync(id, cancellationToken: cancellationToken))[4];
        (last.Id, last.CorrelationId, last.CausationId, last.UserName).ShouldBe((eventId, "request 1", "command 1", "ada"));
        last.Headers.ShouldBe(new Dictionary<string, string> { ["ip"] = "127.0.0.1", ["source"] = "import" }, ignoreOrder: true);
        (await session.LoadAsync<Account>(id, cancellationToken)).ShouldBe(new Account(id, "Ada", 14m));
    }

    [Fact]
    public async Task A_list_of_events_and_a_typed_id_need_no_other_call()
    {
        var account = new AccountId(_id);
        IEnumerable<object> events = [new AccountOpened(_id, "Ada", "EUR"), new MoneyWithdrawn(_id, 1m)];
        await using var session = _store.OpenSession();
        session.Events.Append(account, ExpectedVersion.NoStream, events);

        (await session.SaveChangesAsync()).Streams[_id].ShouldBe(new StreamCommit(1, 2));
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        await using var ours = _store.OpenSession("ours");
        await using var theirs = _store.OpenSession(new SessionOptions { TenantId = "theirs" });
        ours.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"));
        await ours.SaveChangesAsync();

        (await theirs.Events.FetchStreamAsync(_id)).ShouldBeEmpty();
        (await theirs.LoadAsync<Account>(_id)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_ejected_is_not_saved()
    {
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"));
        session.EjectAllPendingChanges();

        (await session.SaveChangesAsync()).Position.ShouldBe(0);
    }
}
