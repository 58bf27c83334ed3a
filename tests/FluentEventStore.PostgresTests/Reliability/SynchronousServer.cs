using Npgsql;

namespace FluentEventStore.PostgresTests.Reliability;

/// <summary>A server whose commits can be made to wait for a synchronous standby that is not there.</summary>
public sealed class SynchronousServer : IAsyncLifetime
{
    private LocalPostgres? _server;

    /// <summary>Of connections whose commits wait.</summary>
    public string ConnectionString => Database.CancelledPatiently(_server!.ConnectionString);

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
    public async Task LoseStandbyAsync()
    {
        await SetStandbyAsync("nobody");

        // The process of the server that has commits wait reads its settings when it comes to it: until then, no commit waits.
        await using var probe = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await probe.OpenAsync(TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(() => WaitsAsync(probe), "commits wait for the standby");
    }

    /// <summary>Commits no longer wait, as if the standby had caught up.</summary>
    public Task RegainStandbyAsync() => SetStandbyAsync("");

    public Task<object?> AskAsync(string sql) => Database.AskAsync(Local, sql);

    /// <summary>Waits until so many commits wait, and returns the process of one.</summary>
    public async Task<int> UntilCommitsWaitAsync(int count = 1)
    {
        var pid = 0;
        await Eventually.BecomesTrueAsync(
            async () => await AskAsync(
                "select max(pid) from pg_stat_activity where wait_event = 'SyncRep' and backend_type = 'client backend' "
                    + $"having count(*) >= {count}") is int waiting && (pid = waiting) > 0,
            "commits wait for the standby");
        return pid;
    }

    /// <summary>Whether a commit of this connection waits; ends the wait.</summary>
    private async Task<bool> WaitsAsync(NpgsqlConnection probe)
    {
        await using var commit = new NpgsqlCommand("select pg_logical_emit_message(true, 'probe', '')", probe);
        var committing = commit.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var waits = false;
        await Eventually.BecomesTrueAsync(
            async () => committing.IsCompleted || (waits = await AskAsync(
                $"select pg_cancel_backend(pid) from pg_stat_activity where pid = {probe.ProcessID} and wait_event = 'SyncRep'") is true),
            "the commit ends or waits");
        await committing;
        return waits;
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
