using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Reading;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.PostgresTests.Subscriptions.Reading;

/// <summary>Where the log was at a time, each test in a store of its own.</summary>
public sealed class PositionLookupTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task The_lowest_event_from_an_instant_on_is_found_though_timestamps_are_no_order()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 8).Select(static index => new NoteTaken($"{index}"))]);
        await _bank.ExecuteAsync("select setval('{schema}.positions', 5000000000)");
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 4).Select(static index => new NoteTaken($"{index}"))]);
        await _bank.TamperAsync(
            $"""
            update {_bank.Schema}.events e set recorded_at = '{Noon:O}'::timestamptz + t.minutes * interval '1 minute'
            from (values (1, 1), (2, 9), (3, 2), (4, 3), (5, 10), (6, 4), (7, 5), (8, 6), (9, 7), (10, 20), (11, 8), (12, 21)) as t (
              version, minutes)
            where e.version = t.version
            """);
        await using var parts = new LogParts(_bank);
        foreach (var page in (int[])[1, 3, 100])
        {
            var lookup = new PositionLookup(parts.Database, parts.Schema, parts.Settler) { EventsOfPage = page };
            (double Minutes, long Position)[] expected =
            [
                (0, 0), (1, 0), (1.1, 1), (2, 1), (5, 1), (9, 1), (9.5, 4), (10, 4), (11, 5_000_000_001), (20, 5_000_000_001),
                (20.5, 5_000_000_003), (21, 5_000_000_003), (22, 5_000_000_004),
            ];
            foreach (var (minutes, position) in expected)
                (await lookup.FindAsync(Noon.AddMinutes(minutes), Cancelled)).ShouldBe(position, $"{minutes}, pages of {page}");
        }
    }

    [Fact]
    public async Task An_instant_is_compared_to_the_microsecond_and_may_be_any()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await _bank.TamperAsync($"update {{schema}}.events set recorded_at = '{Noon:O}'");
        await using var parts = new LogParts(_bank);
        var lookup = new PositionLookup(parts.Database, parts.Schema, parts.Settler);

        (await lookup.FindAsync(Noon.ToOffset(TimeSpan.FromHours(5)), Cancelled)).ShouldBe(0);
        (await lookup.FindAsync(Noon.AddTicks(-1), Cancelled)).ShouldBe(0);
        (await lookup.FindAsync(Noon.AddTicks(1), Cancelled)).ShouldBe(1);
        (await lookup.FindAsync(DateTimeOffset.MinValue, Cancelled)).ShouldBe(0);
        (await lookup.FindAsync(DateTimeOffset.MaxValue, Cancelled)).ShouldBe(1);
    }

    [Fact]
    public async Task In_an_empty_log_it_is_the_beginning()
    {
        await using var parts = new LogParts(_bank);
        (await new PositionLookup(parts.Database, parts.Schema, parts.Settler).FindAsync(Noon, Cancelled)).ShouldBe(0);
    }
}
