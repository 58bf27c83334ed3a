using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class LinkWritingTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly StreamId _id = Guid.NewGuid();
    private readonly StreamId _index = $"index-{Guid.NewGuid()}";
    private IReadOnlyList<IEvent> _recorded = [];

    public async ValueTask InitializeAsync()
    {
        await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        _recorded = await bank.FetchAsync(_id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Links_take_the_versions_after_the_events_of_the_unit()
    {
        var commit = await SaveAsync(events =>
        {
            events.LinkTo(_index, _recorded);
            events.Append(_index, new NoteTaken("own"));
        });

        commit.Streams[_index].ShouldBe(new StreamCommit(1, 3));
        (await bank.AppendAsync(_index, new NoteTaken("next"))).Streams[_index].Version.ShouldBe(4);
    }

    [Fact]
    public async Task An_event_that_does_not_exist_cannot_be_linked()
    {
        var missing = Guid.NewGuid();
        var refusal = await Should.ThrowAsync<LinkRefusedException>(
            () => SaveAsync(events => events.LinkTo(_index, [_recorded[0].Id, missing])));
        (refusal.StreamId, refusal.EventId, refusal.Fault).ShouldBe((_index, missing, LinkFault.EventMissing));
        await NothingIsWrittenAsync();
    }

    [Fact]
    public async Task An_event_of_another_tenant_cannot_be_linked()
    {
        await using var session = bank.Store.OpenSession("elsewhere");
        session.Events.LinkTo(_index, _recorded);
        (await Should.ThrowAsync<LinkRefusedException>(() => session.SaveChangesAsync())).Fault.ShouldBe(LinkFault.EventMissing);
    }

    [Fact]
    public async Task An_event_of_the_stream_itself_cannot_be_linked_to_it()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.LinkTo(_id, _recorded));
        (await Should.ThrowAsync<LinkRefusedException>(() => SaveAsync(events => events.LinkTo(_id, [_recorded[0].Id])))).Fault.ShouldBe(
            LinkFault.OwnEvent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_is_linked_to_a_stream_once(bool inOneUnit)
    {
        if (!inOneUnit)
            await SaveAsync(events => events.LinkTo(_index, _recorded));

        var refusal = await Should.ThrowAsync<LinkRefusedException>(
            () => SaveAsync(events => events.LinkTo(_index, [.. _recorded, _recorded[0]])));
        (refusal.EventId, refusal.Fault).ShouldBe((_recorded[0].Id, LinkFault.LinkedAlready));
    }

    [Fact]
    public async Task Links_to_one_stream_by_many_at_once_are_numbered_without_holes()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            StreamId id = $"many-{_index}-{number}";
            await bank.AppendAsync(id, new NoteTaken("x"));
            var recorded = await bank.FetchAsync(id);
            return (await SaveAsync(events => events.LinkTo(_index, recorded))).Streams[_index].Version;
        }));

        all.Order().ShouldBe(Enumerable.Range(1, 20).Select(static version => (long)version));
    }

    [Fact]
    public async Task Twenty_thousand_links_of_one_unit_are_written_and_the_first_that_cannot_be_is_named()
    {
        StreamId many = $"many-{_index}";
        await bank.AppendAsync(many, [.. Enumerable.Range(0, 20_000).Select(static number => new NoteTaken($"{number}"))]);
        var recorded = await bank.FetchAsync(many);

        (await SaveAsync(events => events.LinkTo(_index, recorded))).Streams[_index].Version.ShouldBe(20_000);

        var refusal = await Should.ThrowAsync<LinkRefusedException>(() => SaveAsync(events =>
            events.LinkTo($"again-{_index}", [.. recorded.Take(10_000), recorded[7], .. recorded.Skip(10_000), recorded[3]])));
        (refusal.EventId, refusal.Fault).ShouldBe((recorded[7].Id, LinkFault.LinkedAlready));
    }

    private async Task NothingIsWrittenAsync() =>
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where id = '{_index}'")).ShouldBe(0L);

    private async Task<Commit> SaveAsync(Action<IEventOperations> work)
    {
        await using var session = bank.Store.OpenSession();
        work(session.Events);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
