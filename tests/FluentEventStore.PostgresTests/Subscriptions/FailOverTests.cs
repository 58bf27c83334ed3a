using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Store;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>The database changes under a process that carries subscriptions: another server takes over, or a backup is restored.</summary>
public sealed class FailOverTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _seen = new();

    [Fact]
    public async Task Events_that_take_the_positions_of_lost_ones_are_handled_although_one_of_them_commits_late()
    {
        await using var pair = await StandbyPair.StartOrSkipAsync();
        await using var store = Of(pair.ConnectionString);
        await store.Schema.ApplyAsync(Token);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendAsync(pair.Primary, "kept");
        await daemon.CatchUpAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Position == 1);
        await pair.CatchUpAsync();
        await pair.StopReceivingAsync();
        await AppendAsync(pair.Primary, "lost 2");
        await AppendAsync(pair.Primary, "lost 3");
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["kept", "lost 2", "lost 3"]);

        // The process of the daemon learns of nothing until somebody else has written more than was lost.
        await using var connection = new NpgsqlConnection(pair.Standby);
        await pair.FailOverAsync();
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var other = Of(pair.Standby))
        {
            await using var session = other.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append("late", new NoteTaken("new 2"));
            await session.SaveChangesAsync(Token);
        }

        await AppendAsync(pair.Standby, "new 3");
        await AppendAsync(pair.Standby, "new 4");
        await Eventually.BecomesTrueAsync(
            async () => await FindLastAsync(store) >= 4, "the process has found the server that took over");
        await transaction.CommitAsync(Token);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_seen.Distinct().Count() == 6), "all that is new is handled");
        await daemon.CatchUpAsync(Token);

        // What was under way when the server changed comes again.
        _seen.Distinct().ShouldBe(["kept", "lost 2", "lost 3", "new 2", "new 3", "new 4"]);
    }

    [Theory]
    [InlineData("delete from {schema}.events where position = $last")]
    [InlineData("update {schema}.events set id = gen_random_uuid() where position = $last")]
    [InlineData("update {schema}.checkpoints set position = 1000000, event_id = null, event_position = null where subscription = '$name'")]
    public async Task A_checkpoint_that_is_ahead_of_the_log_stops_the_subscription_until_it_is_reset(string lose)
    {
        await using var store = bank.With(_name, Declare);
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
            await bank.AppendAsync(_name, new NoteTaken("1"));
            var last = await bank.AppendAsync(_name, new NoteTaken("2"));
            await store.WaitForAsync(last, _name, TimeSpan.FromSeconds(20), Token);
            lose = lose.Replace("$last", $"{last.Position}", StringComparison.Ordinal);
        }

        await bank.TamperAsync(lose.Replace("$name", _name, StringComparison.Ordinal));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        var status = await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        status.Failure!.Kind.ShouldBe(FailureKind.LogForked);
        (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("faulted");

        // What is resumed is compared again.
        await store.Subscriptions.ResumeAsync(_name, Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        var end = (await store.Log.StatusAsync(Token)).SettledPosition;
        await store.Subscriptions.ResetAsync(_name, end, Token);
        await bank.AppendAsync(_name, new NoteTaken("3"));
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_batch_that_a_process_has_half_sent_is_ended_when_its_lease_is_over()
    {
        await using var store = bank.With(
            _name, Declare, static options => options.Subscriptions.Lease = TimeSpan.FromSeconds(1));
        await using (var first = await SubscriptionStore.CatchUpAsync(store))
        {
            await bank.AppendAsync(_name, new NoteTaken("1"));
            await first.CatchUpAsync(Token);
        }

        // As a process that was stopped between two packets: the server waits for the rest, and the row is locked.
        await using var silent = new NpgsqlConnection(bank.StoreConnectionString);
        await silent.OpenAsync(Token);
        await using var transaction = await silent.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand(
            $"update {bank.Schema}.checkpoints set owner = gen_random_uuid() where subscription = '{_name}'", silent, transaction))
            await command.ExecuteNonQueryAsync(Token);

        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        await bank.AppendAsync(_name, new NoteTaken("2"));
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1", "2"]);
        await transaction.CommitAsync(Token).ShouldThrowAsync<NpgsqlException>();
    }

    private static async Task<long> FindLastAsync(EventStore store)
    {
        try
        {
            return (await store.Log.StatusAsync(Token)).LastPosition;
        }
        catch (NpgsqlException)
        {
            return 0;
        }
    }

    private EventStore Of(string connectionString) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Subscriptions.Add(_name, Declare);
    });

    private void Declare(SubscriptionBuilder subscription) => subscription
        .Filter(filter => filter.OfType<NoteTaken>())
        .Where(@event => @event.StreamId == "late" || @event.StreamId == _name)
        .Handle((@event, _) =>
        {
            _seen.Enqueue(((NoteTaken)@event.Data).Text);
            return Task.CompletedTask;
        });

    private async Task AppendAsync(string connectionString, string text)
    {
        await using var store = EventStore.For(options => options.Connection(connectionString));
        await using var session = store.OpenSession();
        session.Events.Append(_name, new NoteTaken(text));
        await session.SaveChangesAsync(Token);
    }
}
