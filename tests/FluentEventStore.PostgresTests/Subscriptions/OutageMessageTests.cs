using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Telemetry;
using FluentEventStore.Subscriptions;
using FluentEventStore.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>A database that does not answer keeps many ranges waiting. One line says so, not one of each.</summary>
public sealed class OutageMessageTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>, IDisposable
{
    private const int Outage = 1804;
    private const int Ranges = 16;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly LogRecorder _log = new();
    private int _failed;
    private bool _isAway;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task An_outage_of_the_store_is_told_once_though_all_ranges_meet_it_again_and_again()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        for (var outage = 1; outage <= 2; outage++)
        {
            // As good as away for who commits.
            await bank.ExecuteAsync("alter function {schema}.move_checkpoint rename to away");
            await AppendAsync();
            await Eventually.BecomesTrueAsync(() => Task.FromResult(_log.Of(Outage).Count >= outage), "it is told");

            // The others meet it too, and the first one again.
            await Task.Delay(TimeSpan.FromSeconds(1), Token);
            await bank.ExecuteAsync("alter function {schema}.away rename to move_checkpoint");
            await daemon.CatchUpAsync(Token);
            _log.Of(Outage).Count.ShouldBe(outage);
        }

        var told = _log.Of(Outage)[0];
        told.Exception.ShouldNotBeNull();
        told.Text.ShouldContain($"{_name} v1 [");
    }

    [Fact]
    public async Task An_outage_of_a_database_that_handlers_use_is_told_once()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        for (var outage = 1; outage <= 2; outage++)
        {
            Volatile.Write(ref _failed, 0);
            Volatile.Write(ref _isAway, true);
            await AppendAsync();
            await Eventually.BecomesTrueAsync(() => Task.FromResult(Volatile.Read(ref _failed) > 3 * Ranges), "all have met it");
            Volatile.Write(ref _isAway, false);
            await daemon.CatchUpAsync(Token);
            _log.Of(Outage).Count.ShouldBe(outage);
        }
    }

    [Fact]
    public void An_outage_that_lasts_is_told_each_minute_with_how_many_wait()
    {
        var clock = new FakeTimeProvider();
        var outages = new Outages(new StoreTelemetry("s", _log), clock);
        var ranges = Enumerable.Range(0, 5).Select(static first => new RangeKey("mailer", 1, (short)first, (short)first)).ToList();
        Meet(ranges);
        clock.Advance(TimeSpan.FromSeconds(59));
        Meet(ranges);
        Told().ShouldBe([(ranges[0], 1)]);
        clock.Advance(TimeSpan.FromSeconds(1));
        outages.End(ranges[4]);
        Meet(ranges[..2]);
        Told().ShouldBe([(ranges[0], 1), (ranges[0], 4)]);

        // It is over when none waits any more.
        ranges.ForEach(outages.End);
        Meet(ranges[1..]);
        Told().ShouldBe([(ranges[0], 1), (ranges[0], 4), (ranges[1], 1)]);

        void Meet(List<RangeKey> meeting) => meeting.ForEach(range => outages.Begin(range, new NpgsqlException("away"), outages.Now));

        List<(RangeKey First, int Count)> Told() =>
            [.. _log.Of(Outage).Select(static one => ((RangeKey)one.Values["Range"]!, (int)one.Values["Ranges"]!))];
    }

    [Fact]
    public void An_answer_that_comes_after_all_others_have_gone_on_is_of_their_outage()
    {
        var clock = new FakeTimeProvider();
        var outages = new Outages(new StoreTelemetry("s", _log), clock);
        var ranges = Enumerable.Range(0, 2).Select(static first => new RangeKey("mailer", 1, (short)first, (short)first)).ToList();
        var tried = outages.Now;
        Meet(ranges[0], tried);
        clock.Advance(TimeSpan.FromSeconds(1));
        outages.End(ranges[0]);
        Meet(ranges[1], tried);
        _log.Of(Outage).Count.ShouldBe(1);

        // It tries again, and still waits: that is another one.
        clock.Advance(TimeSpan.FromSeconds(1));
        Meet(ranges[1], outages.Now);
        _log.Of(Outage).Count.ShouldBe(2);

        void Meet(RangeKey range, long triedAt) => outages.Begin(range, new NpgsqlException("away"), triedAt);
    }

    private EventStore Store() => bank.With(
        _name,
        subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .PartitionByStream(Ranges)
            .OnError(0, FailedEvent.Stop)
            .Handle((_, _) =>
            {
                if (!Volatile.Read(ref _isAway))
                    return Task.CompletedTask;

                Interlocked.Increment(ref _failed);
                throw new NpgsqlException("away", new IOException("it does not answer"));
            }),
        options => options.LoggerFactory = _log);

    private async Task AppendAsync()
    {
        for (var stream = 0; stream < 4 * Ranges; stream++)
            await bank.AppendAsync($"{_prefix}{stream}", new NoteTaken("1"));
    }
}
