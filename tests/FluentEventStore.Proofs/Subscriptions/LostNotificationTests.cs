using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>No word of new events gets from one process to another, or the connection that listens is ended again and again.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 waits for ten times as many events.</remarks>
public sealed class LostNotificationTests(PostgresServer server)
{
    private static readonly int Events = LongForm.Of(40, 400);

    /// <summary>Several times what a follower pauses at most between two looks.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _handled = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_event_is_handled_within_about_the_time_of_a_poll(bool isTold)
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var following = EventStore.For(options =>
        {
            options.Connection(
                new NpgsqlConnectionStringBuilder(bank.StoreConnectionString) { ApplicationName = _name }.ConnectionString);
            options.Schema = bank.Schema;
            options.Subscriptions.Add(_name, subscription => subscription.ForEvents<Counted>().Handle((e, _) =>
            {
                Arrival(e.Id).TrySetResult(Stopwatch.GetTimestamp());
                return Task.CompletedTask;
            }));
        });
        await using var daemon = following.BuildDaemon();
        await daemon.StartAsync(Token);
        await using var writing = bank.CreateStore(options => options.Events.Notifications = isTold);
        var random = new Random();
        var times = new List<TimeSpan>();
        var ended = 0L;
        for (var number = 1; number <= Events; number++)
        {
            if (isTold)
                ended += await EndListenersAsync(bank);

            await Task.Delay(random.Next(400), Token);
            var id = Guid.CreateVersion7();
            await using var session = writing.OpenSession();
            session.Events.Append("a", new Counted(number)).WithEventId(id);
            await session.SaveChangesAsync(Token);
            var written = Stopwatch.GetTimestamp();
            var arrived = await Arrival(id).Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
            times.Add(Stopwatch.GetElapsedTime(written, Math.Max(written, arrived)));
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Events} events, {ended} connections that listened were ended; handled after {times[Events / 2].TotalMilliseconds:0} ms at "
                + $"the median, {times[^1].TotalMilliseconds:0} ms at most");
        times[Events / 2].ShouldBeLessThan(Usual);
        (ended > 0).ShouldBe(isTold);
    }

    private async Task<long> EndListenersAsync(BankStore bank) => (long)(await bank.ExecuteAsync(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like "
            + $"'{_name}%' and query ilike '%listen%'"))!;

    private TaskCompletionSource<long> Arrival(Guid id) =>
        _handled.GetOrAdd(id, static _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
