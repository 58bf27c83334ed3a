using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>
/// Each stream that somebody keeps locked takes one connection, whatever is written to it. Nobody waits who writes to other streams.
/// </summary>
public sealed class BlockedStreamTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int Pool = 12;

    private readonly StreamId _id = Guid.NewGuid();
    private readonly string _application = $"blocked-{Guid.NewGuid():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => ["appends", "uncombined", "large units", "documents", "tags", "several streams"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Many_units_for_a_locked_stream_use_few_connections_and_leave_the_others_alone(string kind)
    {
        await using var store = await CreateStoreAsync(options => options.Events.GroupCommit.IsEnabled = kind != "uncombined");
        await using var hold = await HoldAsync(_id);
        var blocked = Enumerable.Range(0, 100).Select(number => SaveAsync(store, kind, _id, $"{number}")).ToArray();
        foreach (var number in Enumerable.Range(0, 30))
            (await SaveAsync(store, kind, $"{_id}-{number}", "other")).Streams[$"{_id}-{number}"].Version.ShouldBe(
                kind == "large units" ? 101 : 1);

        await using (var reading = store.OpenQuerySession())
            (await reading.Events.FetchStreamAsync($"{_id}-1", cancellationToken: Cancellation)).ShouldNotBeEmpty();

        await WaitUntilOneWaitsAsync();
        (await CountWaitingAsync()).ShouldBeLessThanOrEqualTo(2);
        blocked.ShouldAllBe(static saving => !saving.IsCompleted);
        await hold.DisposeAsync();

        var commits = await Task.WhenAll(blocked);
        var each = kind == "large units" ? 101 : 1;
        commits.Select(commit => commit.Streams[_id].Version - 1)
            .Order()
            .ShouldBe(Enumerable.Range(1, 100).Select(number => (long)number * each));
        (await bank.FetchAsync(_id)).Select(static e => e.Version).ShouldBe(
            Enumerable.Range(1, (100 * each) + 1).Select(static version => (long)version));
    }

    [Fact]
    public async Task Units_that_wait_for_a_locked_stream_in_the_process_are_written_in_the_order_in_which_they_came()
    {
        await using var store = await CreateStoreAsync();
        await using var hold = await HoldAsync(_id);
        var saving = new List<Task<Commit>>();
        for (var number = 0; number < 60; number++)
        {
            saving.Add(SaveAsync(store, "appends", _id, $"{number}"));
            if (number % 10 == 3)
                await Task.Delay(number * 3, Cancellation);
        }

        await hold.DisposeAsync();
        await Task.WhenAll(saving);

        // The first ones, as many as there are lanes, wait in the database before anybody knows of the lock. The database chooses which of
        // them goes on first.
        string[] first = ["0", "1"];
        (await bank.FetchAsync(_id)).Skip(1)
            .Select(static e => ((NoteTaken)e.Data).Text)
            .Except(first)
            .ShouldBe(Enumerable.Range(2, 58).Select(static number => $"{number}"));
    }

    [Fact]
    public async Task A_unit_that_is_cancelled_while_it_waits_for_a_locked_stream_is_not_written()
    {
        await using var store = await CreateStoreAsync();
        await using var hold = await HoldAsync(_id);
        using var cancellation = new CancellationTokenSource();
        var kept = Enumerable.Range(0, 10).Select(number => SaveAsync(store, "appends", _id, $"kept {number}")).ToArray();
        await WaitUntilOneWaitsAsync();
        var cancelled = Enumerable.Range(0, 10)
            .Select(number => SaveAsync(store, "appends", _id, $"cancelled {number}", cancellation.Token))
            .ToArray();
        await cancellation.CancelAsync();
        foreach (var saving in cancelled)
            await Should.ThrowAsync<OperationCanceledException>(() => saving);

        await hold.DisposeAsync();
        await Task.WhenAll(kept);
        (await bank.FetchAsync(_id)).Skip(1)
            .Select(static e => ((NoteTaken)e.Data).Text)
            .ShouldAllBe(static text => text.StartsWith("kept"));
    }

    [Theory]
    [InlineData("appends")]
    [InlineData("documents")]
    public async Task A_unit_that_waits_behind_another_for_too_long_gets_an_error_that_names_the_stream(string kind) =>
        await Eventually.HoldsAsync(
        async limit =>
        {
            StreamId id = Guid.NewGuid();
            await using var store = await CreateStoreAsync(options => options.CommandTimeout = limit);
            await using var hold = await HoldAsync(id);
            var saving = Enumerable.Range(0, 20).Select(number => SaveAsync(store, kind, id, $"{number}")).ToArray();
            var failures = await Task.WhenAll(saving.Select(static async task => await Record.ExceptionAsync(() => task)));

            var told = failures.OfType<StreamLockedException>().ToArray();
            told.Length.ShouldBeGreaterThan(16);
            told.ShouldAllBe(locked => locked.StreamId == id && locked.Waited > limit / 2);
            failures.Except(told).ShouldAllBe(static failure => failure is CommitOutcomeUnknownException);
            await hold.DisposeAsync();
            (await bank.FetchAsync(id)).Count.ShouldBe(1);
            await SaveAsync(store, kind, id, "after");
        },
        2,
        8,
        30);

    [Fact]
    public async Task More_locked_streams_than_may_be_waited_for_leave_connections_to_others_and_go_on_as_soon_as_they_are_free()
    {
        var clock = new FakeTimeProvider();
        await using var store = await CreateStoreAsync(options => options.WaitClock = clock);
        var holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => HoldAsync($"{_id}-{number}")));
        var blocked = Enumerable.Range(0, 20)
            .Select(number => Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SaveAsync(store, "appends", $"{_id}-{number}", "a"))))
            .ToArray();

        await WhileTimePassesAsync(clock, async () =>
        {
            for (var number = 0; number < 20; number++)
                await SaveAsync(store, "appends", $"{_id}-other-{number}", "a");

            (await CountWaitingAsync()).ShouldBeLessThanOrEqualTo((Pool / 4) + 2);
            foreach (var number in Enumerable.Range(0, 20).Reverse())
            {
                blocked[number].IsCompleted.ShouldBeFalse();
                await holds[number].DisposeAsync();
                (await blocked[number]).Length.ShouldBe(3);
            }
        });
    }

    [Fact]
    public async Task Units_that_come_one_by_one_for_many_locked_streams_leave_connections_to_others()
    {
        var clock = new FakeTimeProvider();
        await using var store = await CreateStoreAsync(options => options.WaitClock = clock);
        var holds = await Task.WhenAll(Enumerable.Range(0, 2 * Pool).Select(number => HoldAsync($"{_id}-{number}")));
        var blocked = new List<Task<Commit>>();
        using var cancellation = new CancellationTokenSource();
        await WhileTimePassesAsync(clock, async () =>
        {
            for (var number = 0; number < holds.Length; number++)
            {
                // Each comes when those before it are known to wait.
                blocked.Add(SaveAsync(store, "appends", $"{_id}-{number}", "a", number == holds.Length - 1 ? cancellation.Token : null));
                for (var other = 0; other < 3; other++)
                    await SaveAsync(store, "appends", $"{_id}-other-{number}", "a");
            }

            (await CountWaitingAsync()).ShouldBeLessThanOrEqualTo((Pool / 4) + 2);
            await cancellation.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => blocked[^1]);
            foreach (var number in Enumerable.Range(0, holds.Length - 1).Reverse())
            {
                blocked[number].IsCompleted.ShouldBeFalse();
                await holds[number].DisposeAsync();
                (await blocked[number]).Streams[$"{_id}-{number}"].Version.ShouldBe(2);
            }
        });
        await holds[^1].DisposeAsync();
        (await bank.FetchAsync($"{_id}-{holds.Length - 1}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_another_transaction_is_about_to_create_is_as_good_as_locked()
    {
        await using var store = await CreateStoreAsync();
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var creating = new NpgsqlCommand(
            $"insert into {bank.Schema}.streams (tenant, id, version, created_at, appended_at) values ('{TenantId.Default}', '{_id}', 0, "
                + "now(), now())", connection, transaction))
            await creating.ExecuteNonQueryAsync(Cancellation);

        var blocked = Enumerable.Range(0, 60).Select(number => SaveAsync(store, "appends", _id, $"{number}")).ToArray();
        foreach (var number in Enumerable.Range(0, 20))
            await SaveAsync(store, "appends", $"{_id}-{number}", "other");

        await WaitUntilOneWaitsAsync();
        (await CountWaitingAsync()).ShouldBeLessThanOrEqualTo(2);
        await transaction.RollbackAsync(Cancellation);
        (await Task.WhenAll(blocked))
            .Select(commit => commit.Streams[_id].Version)
            .Order()
            .ShouldBe(Enumerable.Range(1, 60).Select(static version => (long)version));
    }

    [Theory]
    [InlineData("appends")]
    [InlineData("large units")]
    [InlineData("several streams")]
    public async Task A_unit_that_waits_for_a_locked_stream_does_not_keep_a_new_lock_tag_waiting(string kind)
    {
        await using var store = await CreateStoreAsync();
        await using var owner = bank.CreateOwnerStore();
        await using var hold = await HoldAsync(_id);
        var blocked = SaveAsync(store, kind, _id, "a");
        await WaitUntilOneWaitsAsync();

        await owner.Schema.RenewLockTagAsync(Cancellation);

        await SaveAsync(store, kind, $"{_id}-other", "a");
        blocked.IsCompleted.ShouldBeFalse();
        await hold.DisposeAsync();
        await blocked;
    }

    [Fact]
    public async Task A_unit_that_waits_for_something_else_while_a_stream_is_locked_is_written_when_it_can_be()
    {
        await using var store = await CreateStoreAsync();
        await using var hold = await HoldAsync(_id);
        var blocked = Enumerable.Range(0, 4).Select(_ => SaveAsync(store, "appends", _id, "a")).ToArray();
        await WaitUntilOneWaitsAsync();
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var locking = new NpgsqlCommand($"lock table {bank.Schema}.events in exclusive mode", connection, transaction))
            await locking.ExecuteNonQueryAsync(Cancellation);

        // Longer than a cautious statement waits.
        var other = SaveAsync(store, "appends", $"{_id}-other", "a");
        await Should.ThrowAsync<TimeoutException>(() => other.WaitAsync(TimeSpan.FromMilliseconds(500), Cancellation));
        await transaction.RollbackAsync(Cancellation);

        (await other).Streams[$"{_id}-other"].Version.ShouldBe(1);
        blocked.ShouldAllBe(static saving => !saving.IsCompleted);
        await hold.DisposeAsync();
        await Task.WhenAll(blocked);
        (await bank.FetchAsync(_id)).Count.ShouldBe(5);
    }

    private static async Task<Commit> SaveAsync(
        EventStore store, string kind, StreamId id, string text, CancellationToken? cancellationToken = null)
    {
        await using var session = store.OpenSession();
        session.Events.Append(id, [.. Enumerable.Repeat(new NoteTaken(text), kind == "large units" ? 101 : 1)]);
        if (kind == "documents")
            session.Store(new Customer { Id = Guid.NewGuid(), Name = text });
        else if (kind == "tags")
            session.Events.Append($"{id}-tagged-{Guid.NewGuid()}", new NoteTaken(text)).WithTag("blocked", $"{Guid.NewGuid()}");
        else if (kind == "several streams")
            session.Events.Append($"{Guid.NewGuid()}", new NoteTaken(text));

        return await session.SaveChangesAsync(cancellationToken ?? Cancellation);
    }

    private async Task<EventStore> CreateStoreAsync(Action<EventStoreOptions>? configure = null)
    {
        var store = bank.CreateStore(options =>
        {
            options.Connection($"{bank.ConnectionString};Maximum Pool Size={Pool};Application Name={_application}");
            options.CommandTimeout = Eventually.HangGuard;
            configure?.Invoke(options);
        });
        await BankStore.WriteOnceAsync(store);
        return store;
    }

    private async Task<NpgsqlConnection> HoldAsync(StreamId held)
    {
        await bank.AppendAsync(held, new NoteTaken("first"));
        return await bank.HoldAsync(held);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private async Task<long> CountWaitingAsync() =>
        (long)(await bank.ExecuteAsync(
            $"select count(*) from pg_stat_activity where application_name = '{_application}' and wait_event_type = 'Lock'"))!;

    private Task WaitUntilOneWaitsAsync() =>
        Eventually.BecomesTrueAsync(async () => await CountWaitingAsync() > 0, "somebody waits for the stream");

    private static async Task WhileTimePassesAsync(FakeTimeProvider clock, Func<Task> work)
    {
        var working = work();
        while (!working.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(working, Task.Delay(10, Cancellation));
        }

        await working;
    }
}
