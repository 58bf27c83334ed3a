using System.Globalization;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions.Parking;

/// <summary>Whoever changes many parked keys of a subscription locks them in one order, so that nobody ends in a deadlock.</summary>
public sealed class ParkedLockTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private const int Keys = 60;
    private const int Rounds = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Wishes_for_all_keys_and_moves_of_all_keys_get_along(string order)
    {
        // The longer a key waits, the later it comes among its like.
        await bank.ExecuteAsync($$"""
            insert into {schema}.parked (subscription, version, tenant, key, slice, position, failure)
            select '{{_name}}', 1, '', lpad(n::text, 4, '0'), 0, {{Keys}} + 1 - n, '{"kind": 1, "message": ""}'
            from generate_series(1, {{Keys}}) n
            """);
        var moving = MoveAsync(order);
        for (var round = 0; round < Rounds; round++)
            (await bank.Store.Subscriptions.ReplayParkedAsync(_name, Token)).ShouldBe(Keys);

        await moving;
    }

    [Fact]
    public async Task Wishes_for_all_keys_and_changes_of_the_whole_subscription_get_along()
    {
        await using var store = bank.With(_name, static subscription => subscription.Handle(static (_, _) => Task.CompletedTask));
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
        }

        var rewinding = OwnAsync(async () =>
        {
            for (var round = 0; round < Rounds / 3; round++)
            {
                await ParkAsync();
                await store.Subscriptions.RewindAsync(_name, 0, Token);
            }
        });
        while (!rewinding.IsCompleted)
            await store.Subscriptions.ReplayParkedAsync(_name, Token);

        await rewinding;

        Task ParkAsync() => bank.ExecuteAsync($$"""
            insert into {schema}.parked (subscription, version, tenant, key, slice, position, failure)
            select '{{_name}}', 1, '', lpad(n::text, 4, '0'), 0, n, '{"kind": 1, "message": ""}'
            from (select n from generate_series(1, {{Keys}}) n order by n desc) descending
            """);
    }

    private static Task OwnAsync(Func<Task> work) => Task.Run(work, Token);

    // As a worker does that replays all of them and gets nowhere.
    private async Task MoveAsync(string order)
    {
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Token);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            select {bank.Schema}.move_parked(
              '{_name}', 1, array_agg(''::text order by n {order}), array_agg(lpad(n::text, 4, '0') order by n {order}),
              array_agg({Keys + 1}::bigint - n order by n {order}), array_agg({Keys + 1}::bigint - n order by n {order}),
              array_agg(null::bigint), array_agg(0), array_agg(null::jsonb), array_agg({long.MaxValue}), array_agg(0::bigint))
            from generate_series(1, {Keys}) n
            """);
        for (var round = 0; round < Rounds; round++)
        {
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }
}
