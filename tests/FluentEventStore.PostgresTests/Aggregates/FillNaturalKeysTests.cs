using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>Natural keys of streams that were there before their aggregate had any: the rows are removed, as if it never had.</summary>
public sealed class FillNaturalKeysTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly OrderNumber _number = new($"N-{Guid.NewGuid()}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Each test begins with a store in which nobody has a key or wants one.
    public async ValueTask InitializeAsync() =>
        await bank.TamperAsync("delete from {schema}.events; delete from {schema}.streams; delete from {schema}.reservations");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Streams_get_the_keys_that_their_events_say()
    {
        var (id, renumbered, without, archived, red) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await PlaceAsync(id, "a");
        await PlaceAsync(renumbered, "b");
        await SaveAsync(session => session.Events.Append(renumbered, new OrderShipped("Rome"), Found("c"), new OrderShipped("Oslo")));
        await PlaceAsync(without, "d");
        await SaveAsync(session => session.Events.Append(without, new OrderRenumbered(null)));
        await PlaceAsync(archived, "e");
        await SaveAsync(session => session.Events.ArchiveStream(archived));
        await PlaceAsync(red, "a", "red");
        await SaveAsync(session => session.Events.StartStream<Club>(Guid.NewGuid(), new NameGiven("club")));
        await ForgetAsync();

        var report = await bank.Store.FillNaturalKeysAsync<Order>(Token);

        report.Filled.ShouldBe(4);
        report.Conflicts.ShouldBeEmpty();
        (await FindAsync("a")).ShouldBe(id);
        (await FindAsync("c", "F-")).ShouldBe(renumbered);
        (await FindAsync("a", tenantId: "red")).ShouldBe(red);
        (await FindAsync("b")).ShouldBeNull();
        (await FindAsync("d")).ShouldBeNull();
        (await Should.ThrowAsync<DuplicateNaturalKeyException>(() => PlaceAsync(Guid.NewGuid(), "e"))).HeldBy.ShouldBe(archived);
        (await bank.Store.FillNaturalKeysAsync<Order>(Token)).Filled.ShouldBe(0);
    }

    [Fact]
    public async Task Streams_whose_key_another_one_has_are_told_and_stay_without()
    {
        var (first, second, third) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await PlaceAsync(first, "a");
        await ForgetAsync();
        await PlaceAsync(second, "a");
        await ForgetAsync();
        await PlaceAsync(third, "b");
        await ForgetAsync();

        var report = await bank.Store.FillNaturalKeysAsync<Order>(new Progress<long>(), Token);

        report.Conflicts.ShouldBe([new NaturalKeyConflict(TenantId.Default, second, _number.Value + "a", first)]);
        (await FindAsync("a")).ShouldBe(first);
        (await FindAsync("b")).ShouldBe(third);

        await SaveAsync(session => session.Events.Append(second, new OrderRenumbered(new OrderNumber(_number.Value + "c"))));
        (await bank.Store.FillNaturalKeysAsync<Order>(Token)).Conflicts.ShouldBeEmpty();
        (await FindAsync("c")).ShouldBe(second);
    }

    [Fact]
    public async Task Filling_beside_appends_leaves_each_stream_the_key_of_its_last_event()
    {
        var ids = Enumerable.Range(0, 30).Select(static _ => Guid.NewGuid()).ToArray();
        foreach (var id in ids)
            await PlaceAsync(id, $"{id}");
        await ForgetAsync();

        var appending = Task.Run(
            async () =>
            {
                foreach (var id in ids.Concat(ids))
                    await SaveAsync(session => session.Events.Append(id, new OrderRenumbered(new OrderNumber($"next-{id}"))));
            },
            Token);
        while (!appending.IsCompleted)
            (await bank.Store.FillNaturalKeysAsync<Order>(Token)).Conflicts.ShouldBeEmpty();
        await appending;

        await using var session = bank.Store.OpenQuerySession();
        foreach (var id in ids)
        {
            (await session.Events.FetchLatestAsync<Order, OrderNumber>(new OrderNumber($"next-{id}"), Token))!.Id.ShouldBe(id);
            (await FindAsync($"{id}")).ShouldBeNull();
        }
    }

    private static OrderFoundV1 Found(string text) => new(text);

    // The number of a found order is made of its own text alone.
    private async Task<Guid?> FindAsync(string text, string? prefix = null, TenantId tenantId = default)
    {
        await using var session = bank.Store.OpenQuerySession(tenantId);
        var number = new OrderNumber(prefix is null ? _number.Value + text : prefix + text);
        return (await session.Events.FetchLatestAsync<Order, OrderNumber>(number, Token))?.Id;
    }

    private Task PlaceAsync(Guid id, string text, TenantId tenantId = default) => SaveAsync(
        session => session.Events.StartStream<Order>(id, new OrderPlaced(new OrderNumber(_number.Value + text), "Ada")), tenantId);

    private async Task SaveAsync(Action<IDocumentSession> collect, TenantId tenantId = default)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        collect(session);
        await session.SaveChangesAsync(Token);
    }

    private Task<object?> ForgetAsync() => bank.ExecuteAsync("delete from {schema}.reservations");
}
