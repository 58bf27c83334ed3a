using System.Diagnostics;
using Npgsql;

namespace FluentEventStore.PostgresTests.Reliability;

/// <summary>A server whose commits can be made to wait for a synchronous standby that is not there.</summary>
public sealed class SynchronousServer : IAsyncLifetime
{
    private LocalPostgres? _server;

    /// <summary>Of connections whose commits wait.</summary>
    public string ConnectionString => _server!.ConnectionString;

    /// <summary>Of connections that wait for nobody.</summary>
    private string Local => $"{ConnectionString};Options=-c synchronous_commit=local";

    private static bool IsGiven => Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 };

    /// <summary>The server; skips the test if others use it too.</summary>
    public SynchronousServer OrSkip()
    {
        Assert.SkipWhen(
            IsGiven, $"{LocalPostgres.EnvironmentVariable} names a server whose commits are not for a test to hold up: unset it.");
        return this;
    }

    public async ValueTask InitializeAsync() => _server = IsGiven ? null : await LocalPostgres.StartAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>From now on commits wait.</summary>
    public Task LoseStandbyAsync() => SetStandbyAsync("nobody");

    /// <summary>Commits no longer wait, as if the standby had caught up.</summary>
    public Task RegainStandbyAsync() => SetStandbyAsync("");

    public Task<object?> AskAsync(string sql) => Database.AskAsync(Local, sql);

    /// <summary>Waits until so many commits wait, and returns the process of one.</summary>
    public async Task<int> UntilCommitsWaitAsync(int count = 1)
    {
        for (var started = Stopwatch.GetTimestamp(); ; Stopwatch.GetElapsedTime(started)
            .ShouldBeLessThan(TimeSpan.FromMinutes(2), "no commit waits for the standby"))
        {
            if (await AskAsync($"select max(pid) from pg_stat_activity where wait_event = 'SyncRep' having count(*) >= {count}") is int pid)
                return pid;

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private async Task SetStandbyAsync(string name)
    {
        await AskAsync($"alter system set synchronous_standby_names = '{name}'");
        await AskAsync("select pg_reload_conf()");
        await Eventually.BecomesTrueAsync(
            async () => await AskAsync("show synchronous_standby_names") is string set && set == name, "the server has its settings");
        NpgsqlConnection.ClearAllPools();
    }
}
