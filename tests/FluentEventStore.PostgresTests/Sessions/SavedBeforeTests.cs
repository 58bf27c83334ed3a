using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>What keeps a unit from being written again does not hide that it is committed.</summary>
public sealed class SavedBeforeTests(SavedBeforeTests.InvoiceStore bank) : IClassFixture<SavedBeforeTests.InvoiceStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PersonRegistered Ada => new(_id, "Ada Lovelace", "ada@example.org", null, default, null);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_subject_that_was_forgotten_since_the_attempt_whose_outcome_is_unknown(bool isCombined, bool isIdempotent)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = CreateStore(proxy, options => options.Events.GroupCommit.IsEnabled = isCombined);
        await BankStore.WriteOnceAsync(store);
        await RegisterAsync(store);
        await using var session = store.OpenSession(new SessionOptions { Idempotent = isIdempotent });
        session.Events.Append(_id, Ada with { Name = "Ada King" });
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);

        (await session.SaveChangesAsync(Token)).Streams[_id].ShouldBe(new StreamCommit(2, 2));
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_subject_that_was_forgotten_refuses_a_unit_that_is_not_committed()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = CreateStore(proxy);
        await BankStore.WriteOnceAsync(store);
        await RegisterAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_id, Ada with { Name = "Ada King" });
        proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);

        await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Token));
        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_may_be_under_way_yet_leaves_the_outcome_unknown_until_it_has_ended() => await Eventually.HoldsAsync(
        async limit =>
        {
            var person = Guid.NewGuid();
            await using var proxy = new TcpProxy(bank.ConnectionString);
            await using var store = CreateStore(proxy, options => options.CommandTimeout = limit);
            await BankStore.WriteOnceAsync(store);
            await RegisterAsync(store, person);
            await using var session = store.OpenSession();
            session.Events.Append(person, Ada with { PersonId = person, Name = "Ada King" });
            proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
            await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
            _ = await bank.Store.Privacy.ForgetAsync(person, cancellationToken: Token);
            await using var hold = await bank.HoldAsync(person);

            var unknown = await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
            unknown.InnerException.ShouldBeOfType<TimeoutException>();

            await hold.DisposeAsync();
            await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Token));
        },
        1,
        4,
        20);

    [Fact]
    public async Task A_message_about_somebody_who_was_forgotten_that_is_delivered_again()
    {
        var message = Guid.NewGuid();
        var first = await HandleAsync();
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);

        (await HandleAsync()).Streams.ShouldBe(first.Streams);
        await Should.ThrowAsync<SubjectForgottenException>(() => bank.AppendAsync(_id, Ada));

        async Task<Commit> HandleAsync()
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append(_id, Ada).WithEventId(message);
            return await session.SaveChangesAsync(Token);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_aggregate_that_refuses_to_be_folded_twice(bool isExecuted)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = CreateStore(proxy);
        await BankStore.WriteOnceAsync(store);
        await bank.AppendAsync($"{_id}", new NoteTaken("begun"));
        await using var session = store.OpenSession();
        if (isExecuted)
        {
            (await store.ExecuteAsync<Invoice>(
                $"{_id}",
                (_, _) =>
                {
                    proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
                    return [new InvoicePaid(1m)];
                },
                Token)).Streams[$"{_id}"].Version.ShouldBe(2);
            return;
        }

        _ = await session.Events.FetchForWritingAsync<Invoice>($"{_id}", cancellationToken: Token);
        session.Events.Append($"{_id}", new InvoicePaid(1m));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Token));
        (await session.SaveChangesAsync(Token)).Streams[$"{_id}"].ShouldBe(new StreamCommit(2, 2));
    }

    [Fact]
    public async Task A_message_that_is_delivered_again_to_an_aggregate_that_refuses_to_be_folded_twice()
    {
        var message = Guid.NewGuid();
        await bank.AppendAsync($"{_id}", new NoteTaken("begun"));
        (await PayAsync(message)).Streams[$"{_id}"].Version.ShouldBe(2);
        (await PayAsync(message)).Streams[$"{_id}"].Version.ShouldBe(2);
        (await Should.ThrowAsync<InvalidOperationException>(() => PayAsync(Guid.NewGuid()))).Message.ShouldBe("It is paid.");

        async Task<Commit> PayAsync(Guid id)
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append($"{_id}", new InvoicePaid(1m)).WithEventId(id);
            return await session.SaveChangesAsync(Token);
        }
    }

    [Fact]
    public async Task A_message_with_links_that_is_delivered_again_is_told_its_first_commit()
    {
        var linked = Guid.NewGuid();
        await bank.AppendAsync($"linked-{_id}", new NoteTaken("x"));
        var events = await bank.FetchAsync($"linked-{_id}");
        var first = await HandleAsync();
        await bank.AppendAsync($"{_id}", new AmountEntered(1m));

        var again = await HandleAsync();

        again.Position.ShouldBe(first.Position);
        again.Streams.ShouldBe(first.Streams, ignoreOrder: true);
        first.Streams[$"a-{_id}"].ShouldBe(new StreamCommit(1, 2));
        first.Streams[$"b-{_id}"].ShouldBe(new StreamCommit(1, 1));

        async Task<Commit> HandleAsync()
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append($"a-{_id}", new AmountEntered(1m)).WithEventId(linked);
            session.Events.LinkTo($"a-{_id}", events);
            session.Events.LinkTo($"b-{_id}", events);
            return await session.SaveChangesAsync(Token);
        }
    }

    // By the store itself, which has the key at hand then.
    private async Task RegisterAsync(EventStore store, Guid? person = null)
    {
        await using var session = store.OpenSession();
        session.Events.Append(person ?? _id, Ada with { PersonId = person ?? _id });
        await session.SaveChangesAsync(Token);
    }

    private EventStore CreateStore(TcpProxy proxy, Action<EventStoreOptions>? configure = null) => bank.CreateStore(options =>
    {
        options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1");
        configure?.Invoke(options);
    });

    public sealed class InvoiceStore(PostgresServer server) : BankStore(server)
    {
        protected override void Configure(EventStoreOptions options) => options.Projections.Snapshot<Invoice>(ProjectionLifecycle.Inline);
    }
}
