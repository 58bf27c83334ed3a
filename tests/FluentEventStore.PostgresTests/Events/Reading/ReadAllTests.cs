using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Each test reads the whole log, so each has a store of its own.</summary>
public abstract class ReadAllTests(BankStore bank) : IAsyncLifetime
{
    private readonly BankStore _bank = bank;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task A_store_without_events_has_an_empty_log() => (await ReadAsync()).ShouldBeEmpty();

    [Fact]
    public async Task The_log_holds_the_events_of_all_streams_in_the_order_of_their_positions()
    {
        for (var index = 0; index < 10; index++)
            await _bank.AppendAsync($"s{index % 3}", new NoteTaken($"{index}"));

        var events = await ReadAsync();
        events.Select(Text).ShouldBe(Enumerable.Range(0, 10).Select(index => $"{index}"));
        events.Select(e => e.StreamId.Value).ShouldBe(Enumerable.Range(0, 10).Select(index => $"s{index % 3}"));
        events[0].Position.ShouldBe(1);

        (await ReadAsync(after: events[6].Position)).Select(Text).ShouldBe(["7", "8", "9"]);
        (await ReadAsync(backwards: true)).Select(Text).ShouldBe(events.Select(Text).Reverse());
        (await ReadAsync(after: events[6].Position, backwards: true)).Select(Text).ShouldBe(["9", "8", "7"]);
        (await ReadAsync(maxCount: 2)).Select(Text).ShouldBe(["0", "1"]);
        (await ReadAsync(maxCount: 2, backwards: true)).Select(Text).ShouldBe(["9", "8"]);
    }

    [Fact]
    public async Task A_filter_lets_events_of_its_types_pass()
    {
        var id = Guid.NewGuid();
        await _bank.AppendAsync(
            id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 1), new NoteTaken("a"), new MoneyDeposited(id, 2));

        (await ReadAsync(filter: new EventFilter().OfType<MoneyDeposited>())).Select(e => e.Version).ShouldBe([2, 4]);
        (await ReadAsync(filter: new EventFilter().OfType<MoneyDeposited>().OfType<NoteTaken>(), backwards: true))
            .Select(e => e.Version)
            .ShouldBe([4, 3, 2]);
        (await ReadAsync(filter: new EventFilter().OfType<AccountClosed>())).ShouldBeEmpty();
        (await ReadAsync(filter: new EventFilter())).Count.ShouldBe(4);
        Should.Throw<ArgumentException>(() => new EventFilter().OfType<Customer>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_longer_than_a_page_is_read_whole(bool backwards)
    {
        for (var index = 0; index < 5; index++)
            await _bank.AppendAsync($"s{index}", [.. Enumerable.Range(0, 500).Select(inner => new NoteTaken($"{inner}"))]);

        var events = await ReadAsync(backwards: backwards);
        events.Count.ShouldBe(2_500);
        events.Zip(events.Skip(1)).ShouldAllBe(
            pair => backwards ? pair.First.Position > pair.Second.Position : pair.First.Position < pair.Second.Position);
    }

    [Fact]
    public async Task A_session_sees_the_log_of_its_tenant()
    {
        await _bank.AppendAsync("s", new NoteTaken("default"));
        await using var red = _bank.Store.OpenSession("red");
        red.Events.Append("s", new NoteTaken("red"));
        await red.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await ReadAsync()).Select(Text).ShouldBe(["default"]);
        (await red.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken))
            .Select(Text)
            .ShouldBe(["red"]);
    }

    [Fact]
    public async Task An_event_is_not_read_before_those_with_lower_positions_are_settled()
    {
        await _bank.AppendAsync("before", new NoteTaken("before"));
        await using var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var slow = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await AppendBySqlAsync(connection, "slow");

        await _bank.AppendAsync("fast", new NoteTaken("fast"));
        (await ReadAsync()).Select(Text).ShouldBe(["before"]);

        await slow.CommitAsync(TestContext.Current.CancellationToken);
        (await ReadAsync()).Select(Text).ShouldBe(["before", "slow", "fast"]);
    }

    [Fact]
    public async Task An_append_that_was_rolled_back_delays_nobody()
    {
        await using var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (var lost = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await AppendBySqlAsync(connection, "lost");
            await lost.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await _bank.AppendAsync("fast", new NoteTaken("fast"));
        var events = await ReadAsync();
        events.Select(Text).ShouldBe(["fast"]);
        events[0].Position.ShouldBe(2);
    }

    [Fact]
    public async Task A_reader_that_follows_the_log_while_many_write_misses_nothing_and_sees_nothing_twice()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        const int Writers = 8;
        const int UnitsPerWriter = 40;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(seed + writer);
            await using var connection = new NpgsqlConnection(_bank.ConnectionString);
            await connection.OpenAsync();
            for (var unit = 0; unit < UnitsPerWriter; unit++)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await AppendBySqlAsync(connection, $"{writer}-{unit}");
                await Task.Delay(random.Next(5));
                if (random.Next(5) == 0)
                    await transaction.RollbackAsync();
                else
                    await transaction.CommitAsync();
            }
        })));

        var seen = new List<IEvent>();
        bool ended;
        do
        {
            ended = writing.IsCompleted;
            seen.AddRange(await ReadAsync(after: seen.Count > 0 ? seen[^1].Position : 0));
        }
        while (!ended);
        await writing;

        var committed = (long)(await _bank.ExecuteAsync("select count(*) from {schema}.events"))!;
        seen.Count.ShouldBe((int)committed);
        seen.Select(Text).Distinct().Count().ShouldBe(seen.Count);
        seen.Zip(seen.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position);
    }

    [Fact]
    public async Task A_sequence_that_lags_behind_the_events_is_moved_on_by_the_next_append()
    {
        // Only the owner may move it.
        await using var owner = _bank.CreateOwnerStore();
        await using var session = owner.OpenSession();
        session.Events.Append("s", new NoteTaken("a"), new NoteTaken("b"), new NoteTaken("c"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        await _bank.ExecuteAsync("select setval('{schema}.positions', 1)");
        session.Events.Append("s", new NoteTaken("d"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await ReadAsync()).Select(Text).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task Bounds_out_of_range_are_refused()
    {
        await using var session = _bank.Store.OpenQuerySession();
        Should.Throw<ArgumentOutOfRangeException>(() => session.Events.ReadAllAsync(new LogRange { After = -1 }));
        Should.Throw<ArgumentOutOfRangeException>(() => session.Events.ReadAllAsync(new LogRange { MaxCount = 0 }));
    }

    private static string Text(IEvent e) => ((NoteTaken)e.Data).Text;

    private async Task<List<IEvent>> ReadAsync(long after = 0, EventFilter? filter = null, int? maxCount = null, bool backwards = false)
    {
        await using var session = _bank.Store.OpenQuerySession();
        return await session.Events
            .ReadAllAsync(
                new LogRange { After = after, MaxCount = maxCount, Backwards = backwards },
                filter ?? new EventFilter(),
                TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private async Task AppendBySqlAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(
            $$"""
            select {{_bank.Schema}}.append('default', array['sql-' || $1], array[null], array[-2], array[1], now(), null, null, null,
              array[1], array[1], array[gen_random_uuid()], array['note-taken'], array[1], array[jsonb_build_object('text', $1)], null)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        await command.ExecuteNonQueryAsync();
    }
}
