using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Streaming;

/// <summary>How following ends, and what it holds until then.</summary>
public sealed class FollowEndTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends_when_the_client_leaves_although_nothing_is_sent(bool isFlooded)
    {
        var ended = new TaskCompletionSource();
        await using var host = await StartAsync(() => ended.TrySetResult());
        await shop.AppendAsync("left", new TillFilled(1));
        var source = await EventSource.ConnectAsync(host, "/left");
        await source.TakeAsync(1);
        using var stop = new CancellationTokenSource();
        var writing = isFlooded ? WriteAsync(stop.Token) : Task.CompletedTask;

        source.Dispose();

        await ended.Task.WaitAsync(Soon, Cancellation);
        await stop.CancelAsync();
        await writing;

        async Task WriteAsync(CancellationToken stopped)
        {
            while (!stopped.IsCancellationRequested)
                await shop.AppendAsync("left", new TillOpened(Guid.NewGuid(), new string('x', 10_000)));
        }
    }

    [Fact]
    public async Task A_client_that_reads_nothing_ends_it_by_leaving()
    {
        var ended = new TaskCompletionSource();
        await using var host = await StartAsync(() => ended.TrySetResult());
        foreach (var _ in Enumerable.Range(0, 20))
            await shop.AppendAsync("unread", new TillOpened(Guid.NewGuid(), new string('x', 1 << 20)));

        var source = await EventSource.ConnectAsync(host, "/unread");
        ended.Task.IsCompleted.ShouldBeFalse();
        source.Dispose();

        await ended.Task.WaitAsync(Soon, Cancellation);
    }

    [Fact]
    public async Task It_ends_whole_when_the_application_stops()
    {
        await using var host = await StartAsync(static () => { });
        await shop.AppendAsync("stopped", new TillFilled(1));
        using var source = await EventSource.ConnectAsync(host, "/stopped");
        await source.TakeAsync(1);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await source.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_connection_to_the_database_ends_it_and_the_client_goes_on()
    {
        await using var proxy = new PostgresTests.TcpProxy(shop.ConnectionString);
        await using var host = await StartAsync(static () => { }, $"{proxy.ConnectionString};Pooling=false");
        await shop.AppendAsync("lost", new TillFilled(1));
        string lastEventId;
        using (var source = await EventSource.ConnectAsync(host, "/lost"))
        {
            await source.TakeAsync(1);
            proxy.BreakNext(PostgresTests.TcpProxy.Break.BeforeTheServerGetsIt);
            await proxy.Met.WaitAsync(Soon, Cancellation);
            (await source.NextAsync()).ShouldBeNull();
            lastEventId = source.LastEventId!;
        }

        await shop.AppendAsync("lost", new TillFilled(2));
        using var again = await EventSource.ConnectAsync(host, "/lost", ("Last-Event-ID", lastEventId));
        (await again.NextAsync())!.Data!.ShouldContain("\"amount\":2");
    }

    [Fact]
    public async Task Many_that_follow_hold_no_connection_to_the_database_while_there_is_nothing_new()
    {
        var name = $"followers {Guid.NewGuid():N}";
        await using var host = await StartAsync(
            static () => { }, $"{shop.ConnectionString};Application Name={name};Maximum Pool Size=2;Timeout=5");
        await shop.AppendAsync("shared", new TillFilled(1));
        var sources = new List<EventSource>();
        foreach (var _ in Enumerable.Range(0, 12))
        {
            sources.Add(await EventSource.ConnectAsync(host, "/shared"));
            await sources[^1].TakeAsync(1);
        }

        // The log is still asked for news now and then, by one connection for all.
        (await CountAsync(name)).ShouldBeInRange(0, 2);
        foreach (var _ in Enumerable.Range(0, 10))
            (await host.AskAsync("/state/shared")).EnsureSuccessStatusCode();

        await shop.AppendAsync("shared", new TillFilled(2));
        foreach (var source in sources)
        {
            (await source.NextAsync())!.Data!.ShouldContain("\"amount\":2");
            source.Dispose();
        }
    }

    private async Task<long> CountAsync(string applicationName)
    {
        await using var connection = new NpgsqlConnection(shop.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var count = new NpgsqlCommand("select count(*) from pg_stat_activity where application_name = $1", connection)
        {
            Parameters = { new() { Value = applicationName } },
        };
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }

    private Task<WebHost> StartAsync(Action ended, string? connectionString = null) => WebHost.StartAsync(
        shop,
        app =>
        {
            app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    ended();
                }
            });
            app.MapGet("/{id}", static (string id) => EventStoreResults.FollowStream(id));
            app.MapGet("/state/{id}", static (string id) => EventStoreResults.Stream(id));
        },
        configure: options => ShopStore.ConfigureStore(
            connectionString is null ? options : options.Connection(connectionString)));
}
