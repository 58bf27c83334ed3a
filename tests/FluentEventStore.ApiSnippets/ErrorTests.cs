using FluentEventStore.ApiSnippets.Bank;
using Npgsql;

namespace FluentEventStore.ApiSnippets;

public sealed class ErrorTests(SnippetStore snippets) : IAsyncLifetime
{
    private readonly EventStore _store = snippets.Store;
    private readonly Guid _id = Guid.NewGuid();

    public async ValueTask InitializeAsync()
    {
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new AccountOpened(_id, "Ada", "EUR"));
        await session.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_expectation_that_does_not_hold_tells_the_stream_the_expectation_and_the_version()
    {
        await using var session = _store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.Exactly(7), new AccountClosed(_id));

        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());
        (conflict.StreamId, conflict.Expected, conflict.Actual).ShouldBe((_id, ExpectedVersion.Exactly(7), 1));
    }

    [Fact]
    public async Task A_stream_that_is_not_new_cannot_be_started()
    {
        await using var session = _store.OpenSession();
        session.Events.StartStream(_id, new AccountOpened(_id, "Ada", "EUR"));

        (await Should.ThrowAsync<StreamAlreadyExistsException>(() => session.SaveChangesAsync())).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_id_that_stands_for_another_event_is_a_duplicate()
    {
        await using var session = _store.OpenSession();
        var known = (await session.Events.FetchStreamAsync(_id))[0].Id;
        session.Events.Append(_id, new AccountClosed(_id)).WithEventId(known);

        (await Should.ThrowAsync<DuplicateEventException>(() => session.SaveChangesAsync())).EventIds.ShouldBe([known]);
    }

    [Fact]
    public async Task Documents_are_refused_by_type_and_id()
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession();
        session.Update(customer);
        (await Should.ThrowAsync<DocumentNotFoundException>(() => session.SaveChangesAsync())).Id.ShouldBe(customer.Id);

        session.EjectAllPendingChanges();
        session.Insert(customer);
        await session.SaveChangesAsync();
        session.Insert(customer);
        (await Should.ThrowAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync())).DocumentType.ShouldBe(typeof(Customer));
    }

    [Fact]
    public async Task A_wrong_argument_is_told_at_the_call()
    {
        await using var session = _store.OpenSession();

        Should.Throw<ArgumentException>(() => session.Events.Append(_id, (object)"no event"));
        Should.Throw<ArgumentException>(() => session.Events.Append(default(StreamId), new AccountClosed(_id)));
#pragma warning disable FES0051 // What the compiler is told, the store says too.
        Should.Throw<ArgumentException>(() => session.Store(new Account(_id, "Ada", 0m)));
#pragma warning restore FES0051
    }

    [Fact]
    public async Task A_missing_schema_tells_the_SQL_and_a_refused_connection_is_the_drivers_own_error()
    {
        await using var without = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
        });
        (await Should.ThrowAsync<SchemaMismatchException>(() => without.Schema.AssertAsync())).Sql.ShouldContain("create schema");

        await using var nowhere = EventStore.For(options => options.Connection("Host=127.0.0.1;Port=1;Username=nobody;Timeout=5"));
        await Should.ThrowAsync<NpgsqlException>(() => nowhere.Schema.ApplyAsync());
    }
}
