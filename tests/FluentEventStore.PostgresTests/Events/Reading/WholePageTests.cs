using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.Serialization;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Pages in which events that cannot be read have their places, each test in a store of its own.</summary>
public sealed class WholePageTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static PersonRegistered Ada => new(
        Guid.Parse("0192a000-0000-7000-8000-000000000001"), "Ada", "ada@example.org", "555", new DateOnly(1815, 12, 10), null, "paid");

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task An_event_that_cannot_be_read_stands_in_its_place_with_what_is_known_of_it()
    {
        await using (var session = _bank.Store.OpenSession("red"))
        {
            session.Events.Append("s", Enumerable.Range(1, 5).Select(static index => new NoteTaken($"{index}"))).WithHeader("k", "v");
            await session.SaveChangesAsync(Cancelled);
        }

        await _bank.TamperAsync(
            "update {schema}.events set type = 'gone' where position = 2; update {schema}.events set type_version = 9 where position = 3; "
                + "update {schema}.events set data = '[]' where position = 5");
        await using var parts = new LogParts(_bank);

        var page = await FetchAsync(parts);

        (page.Events.Count, page.ReadTo, page.Failure).ShouldBe((5, 5, null));
        page.Events.Select(static e => e.Position).ShouldBe([1, 2, 3, 4, 5]);
        page.Events.Select(static e => (e as UnreadableEvent)?.IsOfUnknownType).ShouldBe([null, true, true, null, false]);
        var gone = page.Events[1];
        (gone.TypeName, gone.StreamId.Value, gone.TenantId.Value, gone.Version, gone.Headers["k"]).ShouldBe(("gone", "s", "red", 2, "v"));
        Should.Throw<UnknownEventTypeException>(() => gone.Data).Position.ShouldBe(2);
        Should.Throw<EventSerializationException>(() => page.Events[4].Data).Position.ShouldBe(5);
        page.Events[3].Data.ShouldBe(new NoteTaken("4"));
    }

    [Fact]
    public async Task Unreadable_events_count_for_the_end_of_a_page_as_others_do()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(1, 10).Select(static index => new NoteTaken($"{index}"))]);
        await _bank.TamperAsync("update {schema}.events set type = 'gone'");
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 4 });

        (await FetchAsync(parts)).ReadTo.ShouldBe(4);
        (await FetchAsync(parts, after: 8)).ReadTo.ShouldBe(10);
    }

    [Fact]
    public async Task An_event_whose_key_is_lost_stands_in_its_place_and_the_others_are_opened()
    {
        await _bank.AppendAsync("s", Ada, new NoteTaken("b"), Ada with { PersonId = Guid.Parse("0192a000-0000-7000-8000-000000000002") });
        await _bank.TamperKeysAsync(
            "delete from {schema}_keys.subject_keys where subject like '%1'");
        await using var parts = new LogParts(_bank);

        var page = await FetchAsync(parts);

        page.Events.Select(static e => (e as UnreadableEvent)?.IsOfUnknownType).ShouldBe([false, null, null]);
        Should.Throw<EventSerializationException>(() => page.Events[0].Data).Message.ShouldContain("lost");
        page.Events[2].Data.ShouldBeOfType<PersonRegistered>().Name.ShouldBe("Ada");
    }

    [Fact]
    public async Task If_keys_cannot_be_fetched_that_is_the_failure_of_the_page_and_not_of_an_event()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"), Ada);
        await using var parts = new LogParts(_bank, keys: new UnreachableKeys());

        (await Should.ThrowAsync<TimeoutException>(() => FetchAsync(parts))).Message.ShouldBe("no keys");
    }

    private static async Task<LogPage> FetchAsync(LogParts parts, long after = 0) =>
        await parts.Reader.FetchWholePageAsync(LogParts.Follow(), after, await parts.SettledAsync(), Cancelled);

    private sealed class UnreachableKeys : ISubjectKeys
    {
        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            throw new TimeoutException("no keys");

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            throw new TimeoutException("no keys");

        public Task AddAsync(
            TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> keys, CancellationToken cancellationToken) =>
            throw new TimeoutException("no keys");

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken) =>
            throw new TimeoutException("no keys");
    }
}
