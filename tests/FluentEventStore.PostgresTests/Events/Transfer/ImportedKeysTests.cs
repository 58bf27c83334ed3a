using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>The natural keys of imported events.</summary>
public sealed class ImportedKeysTests(BankStore bank) : IClassFixture<BankStore>
{
    private static readonly DateTimeOffset Noon = new(2020, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _id = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private readonly string _number = $"N-{Guid.NewGuid()}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_events_set_the_keys_of_their_streams()
    {
        await ImportAsync(
            Of(_id, 1, new OrderPlaced(new OrderNumber(_number), "Ada")),
            Of(_other, 1, new OrderPlaced(new OrderNumber(_number + "b"), "Bob")),
            Of(_id, 2, new OrderFoundV1(_number)),
            Of(_other, 2, new OrderRenumbered(new OrderNumber(_number))));

        (await FindAsync("F-" + _number)).ShouldBe(_id);
        (await FindAsync(_number)).ShouldBe(_other);
        (await FindAsync(_number + "b")).ShouldBeNull();
    }

    [Fact]
    public async Task Events_in_their_stored_form_set_keys_too()
    {
        await ImportAsync(new ImportedEvent(
            _id, 1, "order-placed", 1, System.Text.Encoding.UTF8.GetBytes($$"""{"number":{"value":"{{_number}}"},"customer":"Ada"}"""))
        {
            Timestamp = Noon,
        });

        (await FindAsync(_number)).ShouldBe(_id);
    }

    [Fact]
    public async Task A_key_of_another_stream_is_a_fault_of_the_event_and_the_chunk_is_not_written()
    {
        await PlaceAsync(_other);

        var failure = await Should.ThrowAsync<ImportException>(() => ImportAsync(
            Of(_id, 1, new OrderShipped("Rome")),
            Of(_id, 2, new OrderRenumbered(new OrderNumber(_number))),
            Of(_id, 3, new OrderShipped("Oslo"))));

        (failure.Fault, failure.StreamId, failure.Version).ShouldBe((ImportFault.NaturalKey, _id, 2));
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
        (await FindAsync(_number)).ShouldBe(_other);
    }

    [Fact]
    public async Task An_import_that_is_run_again_leaves_keys_that_moved_on_alone()
    {
        ImportedEvent[] events = [Of(_id, 1, new OrderPlaced(new OrderNumber(_number), "Ada"))];
        await ImportAsync(events);
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.Append(_id, new OrderRenumbered(new OrderNumber(_number + "next")));
            await session.SaveChangesAsync(Token);
        }

        await PlaceAsync(_other);
        (await ImportAsync(events)).Skipped.ShouldBe(1);

        (await FindAsync(_number)).ShouldBe(_other);
        (await FindAsync(_number + "next")).ShouldBe(_id);
    }

    [Fact]
    public async Task A_text_that_cannot_be_a_key_is_a_fault_of_the_event()
    {
        var failure = await Should.ThrowAsync<ImportException>(() => ImportAsync(Of(_id, 1, new OrderPlaced(new OrderNumber(""), "Ada"))));

        failure.Fault.ShouldBe(ImportFault.NaturalKey);
    }

    [Fact]
    public async Task A_store_whose_deleted_stream_had_the_key_of_another_one_is_moved_as_it_is()
    {
        await PlaceAsync(_id);
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.DeleteStream(_id);
            await session.SaveChangesAsync(Token);
        }

        await PlaceAsync(_other);
        await using var file = new MemoryStream();
        await bank.Store.Transfer.ExportAsync(file, Token);
        string[] tables = ["events", "streams", "reservations", "freed_reservations"];
        await bank.TamperAsync(string.Concat(tables.Select(static table => $"delete from {{schema}}.{table};")));
        file.Position = 0;
        await bank.Store.Transfer.ImportAsync(file, new ImportOptions { ChunkSize = 1 }, Token);

        (await FindAsync(_number)).ShouldBe(_other);
        await using var undeleting = bank.Store.OpenSession();
        undeleting.Events.UndeleteStream(_id);
        (await Should.ThrowAsync<DuplicateNaturalKeyException>(() => undeleting.SaveChangesAsync(Token))).HeldBy.ShouldBe(_other);
    }

    private static ImportedEvent Of(Guid id, long version, object data) => new(id, version, data) { Timestamp = Noon };

    private async Task PlaceAsync(Guid id)
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Order>(id, new OrderPlaced(new OrderNumber(_number), "Ada"));
        await session.SaveChangesAsync(Token);
    }

    private async Task<ImportReport> ImportAsync(params ImportedEvent[] events) =>
        await bank.Store.Transfer.ImportAsync(events.ToAsyncEnumerable(), Token);

    private async Task<Guid?> FindAsync(string number)
    {
        await using var session = bank.Store.OpenQuerySession();
        return (await session.Events.FetchLatestAsync<Order, OrderNumber>(new OrderNumber(number), Token))?.Id;
    }
}
