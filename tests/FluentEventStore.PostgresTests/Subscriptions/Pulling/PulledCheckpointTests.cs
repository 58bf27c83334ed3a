using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

public sealed class PulledCheckpointTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task Acknowledgements_that_come_while_a_checkpoint_is_written_are_written_together()
    {
        await CountMovesAsync();
        for (var index = 0; index < 50; index++)
            await AppendAsync($"{index}", $"{index}");

        await using var subscription = await OpenAsync(bank.Store);
        await using var reader = new PulledReader(subscription);
        var all = await reader.TakeAsync(50);
        var moves = await MovesAsync();
        await using (var hold = await HoldAsync())
        {
            await all[0].AckAsync(Token);
            await BlockedAsync();
            foreach (var delivery in all.Skip(1))
                await delivery.AckAsync(Token);
        }

        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Lag == 0);
        (await MovesAsync() - moves).ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task The_checkpoint_is_written_after_as_many_answers_as_is_said_or_after_the_time()
    {
        for (var index = 0; index < 5; index++)
            await AppendAsync($"{index}", $"{index}");

        await using var subscription = await OpenAsync(
            bank.Store, options => (options.CheckpointAfterCount, options.CheckpointAfter) = (4, TimeSpan.FromHours(1)));
        await using var reader = new PulledReader(subscription);
        var all = await reader.TakeAsync(5);
        foreach (var delivery in all.Take(3))
            await delivery.AckAsync(Token);

        (await SubscriptionStore.StatusAsync(bank.Store, _name)).Position.ShouldBeLessThan(all[0].Event.Position);
        await all[3].AckAsync(Token);
        await SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Position == all[4].Event.Position - 1);
        await all[4].AckAsync(Token);
        await subscription.DisposeAsync();
        (await SubscriptionStore.StatusAsync(bank.Store, _name)).Position.ShouldBeGreaterThanOrEqualTo(all[4].Event.Position);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_is_cut_while_the_checkpoint_is_written_loses_and_repeats_nothing(bool isWritten)
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await AppendAsync("a", "a1", "a2");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync(store);
        await using var reader = new PulledReader(subscription);
        var all = await reader.TakeAsync(2);
        await using (var hold = await HoldAsync())
        {
            await all[0].AckAsync(Token);
            await BlockedAsync();
            if (isWritten)
                proxy.BreakNow();
            else
                await bank.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where {Waits}");

            await all[1].ParkAsync("later", Token);
        }

        await reader.AckAsync("a2");
        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status is { Lag: 0, Parked: 1 });
        await AppendAsync("c", "c1");
        await reader.AckAsync("c1");
    }

    [Fact]
    public async Task While_the_database_is_away_deliveries_are_taken_and_answered_and_written_when_it_is_back()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await AppendAsync("a", "a1", "a2", "a3");
        await using var subscription = await OpenAsync(store);
        await using var reader = new PulledReader(subscription);
        var a1 = await reader.TakeAsync();
        proxy.LeadTo("Host=127.0.0.1;Port=1");
        proxy.BreakNow();
        await a1.AckAsync(Token);
        await reader.AckAsync("a2");
        proxy.LeadTo(bank.StoreConnectionString);
        await reader.AckAsync("a3");
        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Lag == 0);
    }

    [Fact]
    public async Task One_stream_is_followed_with_its_links_in_their_order()
    {
        await AppendAsync("a", "a1");
        var b1 = await AppendAsync("b", "b1");
        await using (var session = bank.Store.OpenSession())
        {
            var linked = (await session.Events.FetchStreamAsync($"{_prefix}b", cancellationToken: Token))[0];
            session.Events.LinkTo($"{_prefix}a", linked);
            await session.SaveChangesAsync(Token);
        }

        await AppendAsync("a", "a2");
        await using var subscription = await OpenAsync(bank.Store, options => (options.Stream, options.Filter) = ($"{_prefix}a", null));
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        var link = await reader.AckAsync("b1");
        (link.Event.Position, link.Event.Link.ShouldNotBeNull().Position > b1.Position).ShouldBe((b1.Position, true));
        await reader.AckAsync("a2");
        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Lag == 0);
    }

    private const string Waits = "wait_event_type = 'Lock' and query like '%move_checkpoint%' and query not like '%pg_stat_activity%'";

    private async Task CountMovesAsync() => await bank.ExecuteAsync("""
        create table if not exists {schema}.moves (subscription text);
        create or replace function {schema}.count_move() returns trigger language plpgsql security definer as $$
          begin insert into {schema}.moves values (new.subscription); return new; end $$;
        create or replace trigger count_move after update of position on {schema}.checkpoints for each row
          execute function {schema}.count_move();
        """);

    private async Task<long> MovesAsync() =>
        (long)(await bank.ExecuteAsync($"select count(*) from {{schema}}.moves where subscription = '{_name}'"))!;

    // The row of the checkpoint is locked until this is disposed.
    private async Task<NpgsqlConnection> HoldAsync()
    {
        var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(
            $"begin; select from {bank.Schema}.checkpoints where subscription = '{_name}' for update", connection);
        await command.ExecuteNonQueryAsync(Token);
        return connection;
    }

    private async Task BlockedAsync()
    {
        while (await bank.ExecuteAsync($"select true from pg_stat_activity where {Waits}") is null)
            await Task.Delay(10, Token);
    }

    private async Task<ISubscription> OpenAsync(EventStore store, Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix) };
        configure?.Invoke(options);
        return await store.Subscriptions.OpenAsync(_name, options, Token);
    }

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(static text => (object)new NoteTaken(text))]);
}
