using Npgsql;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Two stores that stand for two processes.</summary>
internal sealed class WakeUpChecks(string connectionString, string schema)
{
    public async Task WakeAsync()
    {
        var listener = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = schema };
        await using var reader = EventStore.For(options => options.Connection(listener.ConnectionString).Schema = schema);
        await using var writer = EventStore.For(options => options.Connection(connectionString).Schema = schema);
        var start = new LogStart { After = await reader.Log.FetchSettledPositionAsync() };
        await using var following = reader.Log.FollowAsync(start).GetAsyncEnumerator();
        var next = following.MoveNextAsync().AsTask();
        while (await CountListenersAsync() == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20));

        await using var session = writer.OpenSession();
        session.Events.Append(Guid.NewGuid(), new AccountOpened("Ada", Currency.Franc));
        var commit = await session.SaveChangesAsync();

        Equal(true, await next.WaitAsync(TimeSpan.FromMinutes(1)));
        Equal(commit.Position, following.Current.Position);
    }

    private async Task<long> CountListenersAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var count = dataSource.CreateCommand(
            $"select count(*) from pg_stat_activity where application_name = '{schema} listener'");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
