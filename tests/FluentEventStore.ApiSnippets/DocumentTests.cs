using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets;

public sealed class DocumentTests(SnippetStore snippets)
{
    private readonly EventStore _store = snippets.Store;

    [Fact]
    public async Task Documents_are_stored_and_loaded()
    {
        var customer = new Customer { Name = "Ada", City = "Paris", Age = 36, Tags = ["vip"] };
        await using var session = _store.OpenSession();
        session.Store(customer);
        var customerId = customer.Id;
        await session.SaveChangesAsync();

        Guid[] ids = [customerId, Guid.NewGuid()];
        Customer? one = await session.LoadAsync<Customer>(customerId);
        IReadOnlyList<Customer> some = await session.LoadManyAsync<Customer>(ids);

        one.ShouldNotBeNull().Tags.ShouldBe(["vip"]);
        (one with { Tags = customer.Tags }).ShouldBe(customer);
        some.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Documents_are_loaded_with_their_versions_and_as_json()
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        var customerId = customer.Id;
        await using var session = _store.OpenSession();
        session.Store(customer);
        await session.SaveChangesAsync();

        Versioned<Customer>? loaded = await session.LoadVersionedAsync<Customer>(customerId);
        Versioned<ReadOnlyMemory<byte>>? json = await session.LoadJsonAsync<Customer>(customerId);
        StoredVersion version = loaded!.Version;

        (version.Version, json!.Version).ShouldBe((1, version));

        session.Update(loaded.Value with { City = "Rome" }, loaded.Version);
        await session.SaveChangesAsync();
        session.Delete<Customer>(customerId, loaded.Version);
        (await Should.ThrowAsync<DocumentConflictException>(() => session.SaveChangesAsync())).Actual.ShouldBe(2);
    }

    [Fact]
    public async Task Documents_are_inserted_updated_and_deleted()
    {
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = _store.OpenSession();
        session.Insert(customer);
        await session.SaveChangesAsync();
        session.Update(customer with { City = "Rome" });
        await session.SaveChangesAsync();
        (await session.LoadAsync<Customer>(customer.Id))!.City.ShouldBe("Rome");

        session.Delete<Customer>(customer.Id);
        await session.SaveChangesAsync();
        (await session.LoadAsync<Customer>(customer.Id)).ShouldBeNull();
    }
}
