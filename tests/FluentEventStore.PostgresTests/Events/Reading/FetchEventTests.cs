using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class FetchEventTests(BankStore bank) : IClassFixture<BankStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_found_by_its_id_with_the_data_of_its_stream()
    {
        var id = Guid.NewGuid();
        await using var session = bank.Store.OpenSession();
        session.CorrelationId = "c";
        session.Events.Append("s-1", new NoteTaken("a"), new NoteTaken("b")).WithEventIds([Guid.NewGuid(), id]).WithHeader("k", "v");
        await session.SaveChangesAsync(Cancelled);

        var found = await session.Events.FetchEventAsync(id, cancellationToken: Cancelled);

        found.ShouldNotBeNull();
        (found.Id, found.StreamId.Value, found.Version, found.CorrelationId, found.Headers["k"], found.TenantId).ShouldBe(
            (id, "s-1", 2, "c", "v", TenantId.Default));
        found.Data.ShouldBe(new NoteTaken("b"));
        found.Position.ShouldBe((await bank.FetchAsync("s-1"))[1].Position);
    }

    [Fact]
    public async Task An_unknown_id_and_one_of_another_tenant_find_nothing()
    {
        var id = Guid.NewGuid();
        await using var red = bank.Store.OpenSession("red");
        red.Events.Append("s-2", new NoteTaken("a")).WithEventId(id);
        await red.SaveChangesAsync(Cancelled);
        await using var session = bank.Store.OpenQuerySession();

        (await session.Events.FetchEventAsync(Guid.NewGuid(), cancellationToken: Cancelled)).ShouldBeNull();
        (await session.Events.FetchEventAsync(Guid.Empty, cancellationToken: Cancelled)).ShouldBeNull();
        (await session.Events.FetchEventAsync(id, cancellationToken: Cancelled)).ShouldBeNull();
        (await red.Events.FetchEventAsync(id, cancellationToken: Cancelled))!.TenantId.Value.ShouldBe("red");
    }

    [Fact]
    public async Task A_stored_type_that_is_not_known_is_reported()
    {
        var commit = await bank.AppendAsync("s-3", new NoteTaken("a"));
        var id = (await bank.FetchAsync("s-3"))[0].Id;
        await bank.TamperAsync($$"""update {schema}.events set type = 'gone' where position = {{commit.Position}}""");
        await using var session = bank.Store.OpenQuerySession();

        var unknown = await Should.ThrowAsync<UnknownEventTypeException>(
            () => session.Events.FetchEventAsync(id, cancellationToken: Cancelled));

        unknown.TypeName.ShouldBe("gone");
    }

    [Fact]
    public async Task A_session_that_is_disposed_reads_nothing_more()
    {
        var session = bank.Store.OpenQuerySession();
        await session.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(
            async () => await session.Events.FetchEventAsync(Guid.NewGuid(), cancellationToken: Cancelled));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await session.Events.ListStreamsAsync(cancellationToken: Cancelled));
    }
}
