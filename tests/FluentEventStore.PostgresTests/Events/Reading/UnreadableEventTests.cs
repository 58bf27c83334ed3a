using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>One event that cannot be read withholds none that can, each test in a store of its own.</summary>
public sealed class UnreadableEventTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [InlineData("data = '[]'")]
    [InlineData("type = 'gone'")]
    [InlineData("type_version = 9")]
    public async Task Events_before_an_unreadable_one_are_delivered_and_reading_can_go_on_behind_it(string damage)
    {
        await _bank.AppendAsync(
            "s", [.. Enumerable.Range(1, 301).Select(static index => new NoteTaken($"{index}")), new NoteTaken("last")]);
        await _bank.TamperAsync($"update {{schema}}.events set {damage} where position = 301");
        await using var session = _bank.Store.OpenQuerySession();

        foreach (var filter in (EventFilter[])[new EventFilter(), new EventFilter().OfStream("s")])
        {
            var forwards = await TakeAsync(session.Events.ReadAllAsync(filter, Cancelled));
            (forwards.Count, forwards.Failure.Position, forwards.Failure.Version).ShouldBe((300, 301, 301));
            (await session.Events.ReadAllAsync(new LogRange { After = forwards.Failure.Position }, filter, Cancelled)
                .ToListAsync(Cancelled))
                .Single().Position
                .ShouldBe(302);

            var backwards = await TakeAsync(session.Events.ReadAllAsync(new LogRange { Backwards = true }, filter, Cancelled));
            (backwards.Count, backwards.Failure.Position).ShouldBe((1, 301));
            (await session.Events.ReadAllAsync(new LogRange { Backwards = true, UpTo = 300 }, filter, Cancelled).CountAsync(Cancelled))
                .ShouldBe(300);

            var followed = await TakeAsync(_bank.Store.Log.FollowAsync(filter, Cancelled));
            (followed.Count, followed.Failure.Position).ShouldBe((300, 301));
            (await _bank.Store.Log.FollowAsync(new LogStart { After = 301 }, filter, Cancelled).FirstAsync(Cancelled)).Position.ShouldBe(
                302);
        }

        var stream = await TakeAsync(session.Events.ReadStreamAsync("s", cancellationToken: Cancelled));
        (stream.Count, stream.Failure.Version).ShouldBe((300, 301));
        (await TakeAsync(session.Events.ReadStreamAsync("s", new StreamRange { Backwards = true }, Cancelled))).Count.ShouldBe(1);
        (await session.Events.ReadStreamAsync("s", new StreamRange { From = 302 }, Cancelled).CountAsync(Cancelled)).ShouldBe(1);
    }

    [Fact]
    public async Task The_bookmark_does_not_move_past_an_unreadable_event()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        await _bank.TamperAsync("update {schema}.events set data = '[]' where position = 2");
        var told = new List<long>();

        await TakeAsync(_bank.Store.Log.FollowAsync(new LogStart { Progress = new Told(told) }, Cancelled));

        told.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_that_no_session_could_have_is_read_as_it_is()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await _bank.AppendAsync("t", new NoteTaken("b"));
        await _bank.TamperAsync("update {schema}.streams set tenant = E'\\t' where id = 't'");

        (await _bank.Store.Log.FollowAsync(cancellationToken: Cancelled).Take(2).ToListAsync(Cancelled))
            .Select(static e => e.TenantId.Value)
            .ShouldBe(["default", "\t"]);
    }

    [Fact]
    public async Task An_event_whose_key_is_lost_is_unreadable()
    {
        var (lost, kept) = (Guid.NewGuid(), Guid.NewGuid());
        await _bank.AppendAsync("a", new PersonRegistered(kept, "Ada", "ada@example.org", null, default, null, "paid"));
        await _bank.AppendAsync("s", new NoteTaken("b"));
        await _bank.AppendAsync("c", new PersonRegistered(lost, "Bob", "bob@example.org", null, default, null, "paid"));
        await _bank.AppendAsync("d", new PersonRegistered(kept, "Ada", "ada@example.org", null, default, null, "paid"));
        await _bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{lost}'");

        // Another store has no key at hand.
        await using var store = _bank.CreateStore();
        await using var session = store.OpenQuerySession();
        var read = await TakeAsync(session.Events.ReadAllAsync(cancellationToken: Cancelled));

        (read.Count, read.Failure.Position).ShouldBe((2, 3));
        (await session.Events.ReadAllAsync(new LogRange { After = 3 }, Cancelled).SingleAsync(Cancelled)).Data
            .ShouldBeOfType<PersonRegistered>().Name
            .ShouldBe("Ada");
    }

    private static async Task<(int Count, EventException Failure)> TakeAsync(IAsyncEnumerable<IEvent> events)
    {
        var count = 0;
        var failure = await Should.ThrowAsync<EventException>(async () =>
        {
            await foreach (var _ in events)
                count++;
        });
        return (count, failure);
    }

    private sealed class Told(List<long> positions) : IProgress<long>
    {
        public void Report(long value) => positions.Add(value);
    }
}
