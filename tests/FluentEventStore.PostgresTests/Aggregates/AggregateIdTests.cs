using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>An aggregate has the id of its stream.</summary>
public sealed class AggregateIdTests(BankStore live, SnapshotStore inline) : IClassFixture<BankStore>, IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AccountOpened OfOther => new(_other, "Ada", "EUR");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_not_started_with_an_event_of_another(bool isInline)
    {
        await using var session = StoreOf(isInline).OpenSession();
        var refusal = Should.Throw<AggregateIdException>(() => session.Events.StartStream<Account>(_id, new NoteTaken("x"), OfOther));
        (refusal.StreamId, refusal.AggregateType, refusal.AggregateId).ShouldBe((_id, typeof(Account), _other));
        Should.Throw<AggregateIdException>(() => session.Events.StartStream<Account>(_id, new List<object> { OfOther }));

        (await session.SaveChangesAsync(Cancellation)).ShouldBe(Commit.WithoutEvents);
        session.Events.StartStream<Account>(_id, new AccountOpened(_id, "Ada", "EUR"));
        await session.SaveChangesAsync(Cancellation);
        (await session.Events.FetchLatestAsync<Account>(_id, Cancellation))!.Id.ShouldBe(_id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_aggregate_that_was_fetched_does_not_begin_with_an_event_of_another(bool isInline)
    {
        var store = StoreOf(isInline);
        await using var session = store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
        Should.Throw<AggregateIdException>(() => stream.Append(OfOther));
        await Should.ThrowAsync<AggregateIdException>(() => store.ExecuteAsync<Account>(_id, (_, _) => [OfOther], Cancellation));

        (await session.SaveChangesAsync(Cancellation)).ShouldBe(Commit.WithoutEvents);
        await store.ExecuteAsync<Account>(_id, (_, _) => [new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 5m)], Cancellation);
        await store.ExecuteAsync<Account>(_id, (_, _) => [new MoneyDeposited(_other, 5m)], Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_decider_over_an_aggregate_does_not_begin_it_with_an_event_of_another(bool isInline) =>
        await Should.ThrowAsync<AggregateIdException>(() => StoreOf(isInline).ExecuteAsync(new Opening(), _id, OfOther, Cancellation));

    [Fact]
    public async Task Personal_data_in_the_event_hides_no_other_id()
    {
        var ofOther = new PersonRegistered(_other, "Ada", "ada@example.org", null, default, null);
        await using var session = live.Store.OpenSession();
        Should.Throw<AggregateIdException>(() => session.Events.StartStream<Person>(_id, ofOther)).AggregateId.ShouldBe(_other);
        var stream = await session.Events.FetchForWritingAsync<Person>(_id, cancellationToken: Cancellation);
        Should.Throw<AggregateIdException>(() => stream.Append(ofOther)).AggregateId.ShouldBe(_other);
        var refused = await Should.ThrowAsync<AggregateIdException>(
            () => live.Store.ExecuteAsync<Person>(_id, (_, _) => [ofOther], Cancellation));
        refused.AggregateId.ShouldBe(_other);

        stream.Append(ofOther with { PersonId = _id });
        (await session.SaveChangesAsync(Cancellation)).Streams[_id].Version.ShouldBe(1);
        (await session.Events.FetchLatestAsync<Person>(_id, Cancellation)).ShouldBe(new Person(_id, "Ada"));
    }

    [Fact]
    public async Task An_inline_snapshot_is_not_kept_of_an_aggregate_with_another_id_and_nothing_of_the_unit_is_written()
    {
        await using var session = inline.Store.OpenSession();
        session.Events.Append(_id, OfOther);
        session.Store(new Branch($"b-{_id}", "High Street"));

        (await Should.ThrowAsync<AggregateIdException>(() => session.SaveChangesAsync(Cancellation))).AggregateId.ShouldBe(_other);

        (await inline.FetchAsync(_id)).ShouldBeEmpty();
        (await session.LoadAsync<Branch>($"b-{_id}", Cancellation)).ShouldBeNull();
        (await session.LoadAsync<Account>(_id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_stored_is_read_whatever_its_id()
    {
        await live.AppendAsync(_id, OfOther);
        await using var session = live.Store.OpenSession();
        (await session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: Cancellation))!.Id.ShouldBe(_other);
        var stream = await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
        stream.Append(new MoneyDeposited(_id, 5m));
        (await session.SaveChangesAsync(Cancellation)).Streams[_id].Version.ShouldBe(2);
    }

    [Fact]
    public async Task Where_no_snapshots_are_kept_a_stream_need_not_be_named_by_an_id_of_its_aggregate()
    {
        await using var session = live.Store.OpenSession();
        session.Events.StartStream<Account>($"account-{_id}", OfOther);
        session.Events.StartStream<Notebook>($"notebook-{_id}", new NoteTaken("x"));
        session.Events.StartStream<Clipboard>($"clipboard-{_id}", new NoteTaken("7"));
        (await session.SaveChangesAsync(Cancellation)).Streams.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_aggregate_that_is_folded_over_links_gets_the_id_of_the_stream_that_holds_them()
    {
        await live.AppendAsync(_other, new CashTaken("Ada", 5m));
        var recorded = await live.FetchAsync(_other);
        await using var session = live.Store.OpenSession();
        session.Events.LinkTo(_id, recorded);
        await session.SaveChangesAsync(Cancellation);

        (await session.Events.FetchLatestAsync<Till>(_id, Cancellation))!.Id.ShouldBe(_id);
        (await session.Events.FetchLatestAsync<Till>(_other, Cancellation))!.Id.ShouldBe(_other);
    }

    private EventStore StoreOf(bool isInline) => isInline ? inline.Store : live.Store;

    private sealed class Opening : IDecider<Account?>
    {
        public Account? Initial => null;

        public Account? Evolve(Account? state, IEvent @event) => state;

        public ValueTask<IEnumerable<object>> DecideAsync(object command, Account? state, CancellationToken cancellationToken) =>
            new([command]);
    }
}
