using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>Aggregates that are found by natural keys, alike however they are kept.</summary>
public abstract class NaturalKeyTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private readonly OrderNumber _number = new($"N-{Guid.NewGuid()}");
    private readonly OrderNumber _next = new($"M-{Guid.NewGuid()}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_aggregate_is_fetched_by_its_key()
    {
        await SaveAsync(session => session.Events.StartStream<Order>(_id, new OrderPlaced(_number, "Ada"), new OrderShipped("Rome")));

        (await LatestAsync(_number)).ShouldBe(new Order(_id, _number.Value, 2));
        await SaveAsync(async session =>
        {
            var stream = await session.Events.FetchForWritingAsync<Order, OrderNumber>(_number, Token);
            (stream.StreamId, stream.Version, stream.Aggregate!.Count).ShouldBe((_id, 2, 2));
            stream.Append(new OrderShipped("Oslo"));
        });
        (await LatestAsync(_number))!.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_no_stream_has_is_said_so()
    {
        (await LatestAsync(_number)).ShouldBeNull();
        await using var session = bank.Store.OpenSession();
        var failure = await Should.ThrowAsync<NaturalKeyNotFoundException>(
            () => session.Events.FetchForWritingAsync<Order, OrderNumber>(_number, Token));
        (failure.AggregateType, failure.Key).ShouldBe(("order", _number.Value));

        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchLatestAsync<Order, string>(_number.Value, Token));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchLatestAsync<Account, string>("a", Token));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchLatestAsync<Order, OrderNumber>(default, Token));
    }

    [Fact]
    public async Task Two_streams_of_one_tenant_never_have_one_key()
    {
        await PlaceAsync(_id, _number);
        var conflict = await Should.ThrowAsync<DuplicateNaturalKeyException>(() => SaveAsync(session =>
        {
            session.Events.StartStream<Order>(_other, new OrderPlaced(_number, "Bob"));
            session.Events.Append($"note-{_id}", new NoteTaken("a"));
        }));

        (conflict.AggregateType, conflict.Key, conflict.StreamId, conflict.HeldBy, conflict.TenantId)
            .ShouldBe(("order", _number.Value, _other, _id, TenantId.Default));
        (await bank.FetchAsync(_other)).ShouldBeEmpty();
        (await bank.FetchAsync($"note-{_id}")).ShouldBeEmpty();

        await PlaceAsync(_other, _number, "red");
        (await LatestAsync(_number, "red"))!.Id.ShouldBe(_other);
        (await LatestAsync(_number))!.Id.ShouldBe(_id);
    }

    [Fact]
    public async Task Two_streams_of_one_unit_never_have_one_key()
    {
        var conflict = await Should.ThrowAsync<DuplicateNaturalKeyException>(() => SaveAsync(session =>
        {
            session.Events.StartStream<Order>(_id, new OrderPlaced(_number, "Ada"));
            session.Events.StartStream<Order>(_other, new OrderPlaced(_number, "Bob"));
        }));

        new[] { conflict.StreamId, conflict.HeldBy }.ShouldBe([_id, _other], ignoreOrder: true);
    }

    [Fact]
    public async Task A_key_moves_with_its_events_and_the_former_one_is_free()
    {
        await PlaceAsync(_id, _number);
        await SaveAsync(session => session.Events.Append(_id, new OrderRenumbered(_next)));

        (await LatestAsync(_number)).ShouldBeNull();
        (await LatestAsync(_next))!.Id.ShouldBe(_id);
        await PlaceAsync(_other, _number);
        (await LatestAsync(_number))!.Id.ShouldBe(_other);

        await SaveAsync(session => session.Events.Append(_id, new OrderRenumbered(null)));
        (await LatestAsync(_next)).ShouldBeNull();
    }

    [Fact]
    public async Task Two_orders_exchange_their_keys_in_one_unit()
    {
        await PlaceAsync(_id, _number);
        await PlaceAsync(_other, _next);
        await SaveAsync(session =>
        {
            session.Events.Append(_id, new OrderRenumbered(new OrderNumber("passing")), new OrderRenumbered(_next));
            session.Events.Append(_other, new OrderRenumbered(_number));
        });

        (await LatestAsync(_number))!.Id.ShouldBe(_other);
        (await LatestAsync(_next))!.Id.ShouldBe(_id);
        (await LatestAsync(new OrderNumber("passing"))).ShouldBeNull();
    }

    [Fact]
    public async Task An_old_shape_of_an_event_sets_the_key_of_its_current_one()
    {
        await PlaceAsync(_id, _number);
        await SaveAsync(session => session.Events.Append(_id, new OrderFoundV1(_next.Value)));

        (await LatestAsync(new OrderNumber("F-" + _next.Value)))!.Id.ShouldBe(_id);
        (await LatestAsync(_number)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_belongs_to_the_aggregate_that_the_stream_was_started_for_or_to_all_if_to_none()
    {
        var name = $"name-{_id}";
        await SaveAsync(session => session.Events.StartStream<Club>(_id, new NameGiven(name)));
        await SaveAsync(session => session.Events.StartStream<Team>(_other, new NameGiven(name)));
        await using var session = bank.Store.OpenSession();
        (await session.Events.FetchForWritingAsync<Club, string>(name, Token)).StreamId.ShouldBe(_id);
        (await session.Events.FetchForWritingAsync<Team, string>(name, Token)).StreamId.ShouldBe(_other);

        var untyped = Guid.NewGuid();
        (await Should.ThrowAsync<DuplicateNaturalKeyException>(
            () => SaveAsync(other => other.Events.Append(untyped, new NameGiven(name))))).StreamId.ShouldBe(untyped);
        await SaveAsync(other => other.Events.Append(untyped, new NameGiven(name + "!")));
        (await session.Events.FetchForWritingAsync<Club, string>(name + "!", Token)).StreamId.ShouldBe(untyped);
        (await session.Events.FetchForWritingAsync<Team, string>(name + "!", Token)).StreamId.ShouldBe(untyped);
    }

    [Fact]
    public async Task Keys_are_set_by_decisions_over_tags_and_by_executions()
    {
        var tag = new Tag("shop", $"{_id}");
        await SaveAsync(async session =>
        {
            var boundary = await session.Events.FetchForWritingAsync<Order>(TagQuery.Tagged(tag), Token);
            boundary.Append(_id, new OrderPlaced(_number, "Ada")).WithTag(tag);
        });
        (await LatestAsync(_number))!.Id.ShouldBe(_id);

        await bank.Store.ExecuteAsync<Order>(_id, (_, _) => (IEnumerable<object>)[new OrderRenumbered(_next)], Token);
        (await LatestAsync(_next))!.Id.ShouldBe(_id);
    }

    [Fact]
    public async Task A_stream_keeps_its_key_through_archiving_truncating_and_compacting()
    {
        await PlaceAsync(_id, _number);
        await SaveAsync(session => session.Events.Append(_id, new OrderShipped("Rome"), new OrderShipped("Oslo")));
        await SaveAsync(session => session.Events.CompactStream(_id, 2, new OrderShipped("both")));
        await SaveAsync(session => session.Events.TruncateStream(_id, 3));
        await SaveAsync(session => session.Events.ArchiveStream(_id));

        (await Should.ThrowAsync<DuplicateNaturalKeyException>(() => PlaceAsync(_other, _number))).HeldBy.ShouldBe(_id);
    }

    [Fact]
    public async Task A_deleted_stream_frees_its_key_and_gets_it_back_unless_another_one_has_it()
    {
        await PlaceAsync(_id, _number);
        await SaveAsync(session => session.Events.DeleteStream(_id));
        (await LatestAsync(_number)).ShouldBeNull();
        await SaveAsync(session => session.Events.UndeleteStream(_id));
        (await LatestAsync(_number))!.Id.ShouldBe(_id);

        await SaveAsync(session => session.Events.DeleteStream(_id));
        await PlaceAsync(_other, _number);
        var conflict = await Should.ThrowAsync<DuplicateNaturalKeyException>(
            () => SaveAsync(session => session.Events.UndeleteStream(_id)));
        (conflict.StreamId, conflict.HeldBy).ShouldBe((_id, _other));

        // With another key it may come back.
        await SaveAsync(session =>
        {
            session.Events.UndeleteStream(_id);
            session.Events.Append(_id, new OrderRenumbered(_next));
        });
        (await LatestAsync(_next))!.Id.ShouldBe(_id);
        (await LatestAsync(_number))!.Id.ShouldBe(_other);
    }

    [Fact]
    public async Task Of_sessions_that_want_one_key_at_once_one_gets_it()
    {
        await using var second = bank.CreateStore();
        EventStore[] stores = [bank.Store, second];
        for (var round = 0; round < 10; round++)
        {
            var number = new OrderNumber($"{round}{_number.Value}");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async index =>
            {
                await using var session = stores[index % 2].OpenSession();
                session.Events.StartStream<Order>(Guid.NewGuid(), new OrderPlaced(number, "Ada"));
                try
                {
                    await session.SaveChangesAsync(Token);
                    return true;
                }
                catch (DuplicateNaturalKeyException)
                {
                    return false;
                }
            }));
            outcomes.Count(static won => won).ShouldBe(1);
            (await LatestAsync(number)).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_transaction_of_the_caller_takes_its_keys_back_when_it_is_rolled_back()
    {
        await PlaceAsync(_id, _number);
        await using (var connection = new NpgsqlConnection(bank.ConnectionString))
        {
            await connection.OpenAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append(_id, new OrderRenumbered(_next));
            await session.SaveChangesAsync(Token);
            (await session.Events.FetchLatestAsync<Order, OrderNumber>(_next, Token))!.Id.ShouldBe(_id);
        }

        (await LatestAsync(_next)).ShouldBeNull();
        (await LatestAsync(_number))!.Id.ShouldBe(_id);
    }

    [Fact]
    public async Task A_unit_that_is_saved_again_after_it_was_written_moves_no_key()
    {
        var eventId = Guid.NewGuid();
        await SaveAsync(session => session.Events.StartStream<Order>(_id, new OrderPlaced(_number, "Ada")).WithEventId(eventId));
        await SaveAsync(session => session.Events.Append(_id, new OrderRenumbered(_next)));
        await PlaceAsync(_other, _number);

        await SaveAsync(session => session.Events.Append(_id, new OrderPlaced(_number, "Ada")).WithEventId(eventId));

        (await LatestAsync(_number))!.Id.ShouldBe(_other);
        (await LatestAsync(_next))!.Id.ShouldBe(_id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("long")]
    public async Task A_text_that_cannot_be_a_key_is_refused_when_the_unit_is_saved(string text)
    {
        var number = new OrderNumber(text == "long" ? new string('n', 1_001) : text);
        await Should.ThrowAsync<InvalidOperationException>(() => PlaceAsync(_id, number));
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    private Task PlaceAsync(Guid id, OrderNumber number, TenantId tenantId = default) =>
        SaveAsync(session => session.Events.StartStream<Order>(id, new OrderPlaced(number, "Ada")), tenantId);

    private Task SaveAsync(Action<IDocumentSession> collect, TenantId tenantId = default) => SaveAsync(
        session =>
        {
            collect(session);
            return Task.CompletedTask;
        },
        tenantId);

    private async Task SaveAsync(Func<IDocumentSession, Task> collect, TenantId tenantId = default)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        await collect(session);
        await session.SaveChangesAsync(Token);
    }

    private async Task<Order?> LatestAsync(OrderNumber number, TenantId tenantId = default)
    {
        await using var session = bank.Store.OpenQuerySession(tenantId);
        return await session.Events.FetchLatestAsync<Order, OrderNumber>(number, Token);
    }
}
