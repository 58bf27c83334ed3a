using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>The ids that imported events get if they come without one.</summary>
public sealed class ImportedIdTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task The_same_event_gets_one_id_in_a_store_however_often_it_is_imported_and_another_in_another_store()
    {
        var first = await ImportAsync(Source);
        await Source.TamperAsync("delete from {schema}.events; delete from {schema}.streams");
        (await ImportAsync(Source)).ShouldBe(first);
        (await ImportAsync(Target)).ShouldNotBe(first);

        // Nothing but the secret tells the two apart.
        var secret = await Source.ExecuteAsync("select import_secret from {schema}.store");
        await Target.TamperAsync(
            $"delete from {{schema}}.events; delete from {{schema}}.streams; update {{schema}}.store set import_secret = '{secret}'");
        (await ImportAsync(Target)).ShouldBe(first);
    }

    private static async Task<Guid> ImportAsync(BankStore bank)
    {
        await using var store = bank.CreateStore();
        ImportedEvent[] events = [new("s", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch }];
        (await store.Transfer.ImportAsync(events.ToAsyncEnumerable(), cancellationToken: Token)).Imported.ShouldBe(1);
        return (await bank.FetchAsync("s")).ShouldHaveSingleItem().Id;
    }
}
