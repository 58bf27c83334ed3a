using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Store;

/// <summary>The clock of the application says what time it is; pauses, polls and grace periods go by another one.</summary>
public sealed class ClockTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private static readonly DateTimeOffset Then = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private readonly Guid _id = Guid.NewGuid();
    private readonly EventStore _still = bank.CreateStore(static options => options.TimeProvider = new FakeTimeProvider(Then));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _still.DisposeAsync();

    [Fact]
    public async Task Conflicting_executions_succeed_while_the_clock_stands_still()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loaded = 0;

        var executing = Enumerable.Range(0, 8).Select(_ => _still.ExecuteAsync<Account>(
            _id,
            async (_, _) =>
            {
                // All decide over the same version, so that all but one conflict at least once.
                if (Interlocked.Increment(ref loaded) == 8)
                    all.SetResult();

                await all.Task;
                return [new MoneyDeposited(_id, 1m)];
            },
            Cancelled));
        await Task.WhenAll(executing).WaitAsync(Eventually.HangGuard, Cancelled);

        var events = await bank.FetchAsync(_id);
        events.Count.ShouldBe(9);
        loaded.ShouldBeGreaterThan(8);
        events.Skip(1).ShouldAllBe(static e => e.Timestamp == Then);
    }

    [Fact]
    public async Task A_clock_that_tells_the_time_of_a_zone_works_like_any_other()
    {
        var local = new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.FromHours(2));
        await using var store = bank.CreateStore(options =>
        {
            options.TimeProvider = new FakeTimeProvider(local);
            options.Privacy.Mask<NoteTaken>(static e => e with { Text = "masked" });
        });
        await using (var session = store.OpenSession())
        {
            session.Events.Append($"{_id}", new NoteTaken("x"), new PersonRegistered(_id, "Ada", "", null, default, null));
            session.Store(new Branch($"{_id}", "High Street"));
            await session.SaveChangesAsync(Cancelled);
        }

        (await bank.FetchAsync($"{_id}")).ShouldAllBe(e => e.Timestamp == local);
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancelled);
        _ = await store.ScrubAsync(cancellationToken: Cancelled);
        using var file = new MemoryStream();
        await store.Transfer.ExportAsync(file, new ExportOptions { StreamId = $"{_id}" }, Cancelled);
        (await bank.ExecuteAsync($"select forgotten_at from {{schema}}_keys.subject_keys where subject = '{_id}'")).ShouldBe(
            local.UtcDateTime);
    }

    [Fact]
    public async Task A_follower_sees_what_another_process_appends_while_the_clock_stands_still()
    {
        var after = (await bank.AppendAsync($"{_id}", new NoteTaken("before"))).Position;
        await using var following = _still.Log.FollowAsync(new LogStart { After = after }, Cancelled).GetAsyncEnumerator(Cancelled);
        for (var round = 0; round < 3; round++)
        {
            // It looks and waits before the other one appends.
            var next = following.MoveNextAsync().AsTask();
            await Task.WhenAny(next, Task.Delay(50, Cancelled));
            var commit = await bank.AppendAsync($"{_id}", new NoteTaken($"{round}"));
            while (await next.WaitAsync(Eventually.HangGuard, Cancelled) && following.Current.Position < commit.Position)
                next = following.MoveNextAsync().AsTask();

            following.Current.Position.ShouldBe(commit.Position);
        }
    }

    [Fact]
    public async Task A_clock_before_1970_works_like_any_other()
    {
        var longAgo = new DateTimeOffset(1815, 12, 10, 0, 0, 0, TimeSpan.Zero);
        await using var store = bank.CreateStore(options => options.TimeProvider = new FakeTimeProvider(longAgo));
        await bank.AppendAsync($"{_id}-linked", new NoteTaken("linked"));
        var linked = await bank.FetchAsync($"{_id}-linked");
        var customer = new Customer { Name = "Ada" };
        await using var session = store.OpenSession();
        session.Store(customer);
        session.Events.Append($"{_id}", new NoteTaken("1"), new NoteTaken("2"));
        session.Events.LinkTo($"{_id}-index", linked);
        await session.SaveChangesAsync(Cancelled);

        var events = await bank.FetchAsync($"{_id}");
        events.Select(static e => e.Timestamp).ShouldBe([longAgo, longAgo]);
        events[0].Id.ShouldNotBe(events[1].Id);
        customer.Id.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task The_clock_for_pauses_can_be_moved_alone()
    {
        var pauses = new FakeTimeProvider(Then);
        await using var store = bank.CreateStore(options => options.WaitClock = pauses);
        var after = (await bank.AppendAsync($"{_id}", new NoteTaken("before"))).Position;
        await using var following = store.Log
            .FollowAsync(new LogStart { After = after }, new EventFilter().OfStreams($"{_id}"), Cancelled)
            .GetAsyncEnumerator(Cancelled);
        var next = following.MoveNextAsync().AsTask();
        await Task.WhenAny(next, Task.Delay(50, Cancelled));

        var commit = await bank.AppendAsync($"{_id}", new NoteTaken("a"));
        while (!next.IsCompleted)
        {
            pauses.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(next, Task.Delay(20, Cancelled));
        }

        (await next).ShouldBeTrue();
        following.Current.Position.ShouldBe(commit.Position);
        (await bank.FetchAsync($"{_id}"))[^1].Timestamp.ShouldBeGreaterThan(Then.AddYears(1));
    }
}
