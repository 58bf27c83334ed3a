using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class DaemonTests(PostgresServer server) : IAsyncLifetime
{
    private readonly HostStore _host = new(server);
    private readonly ConcurrentQueue<string> _seen = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_host_carries_the_subscriptions_of_its_store_from_what_was_seeded_until_it_stops()
    {
        using var host = Build(builder => builder
            .AddDaemon(DaemonMode.Solo)
            .ApplySchemaOnStartup()
            .SeedWith("notes", static (session, _) =>
            {
                session.Events.Append("note", new NoteTaken("seeded"));
                return Task.CompletedTask;
            }));
        await host.StartAsync(Cancellation);
        var daemon = host.Services.GetRequiredService<IDaemon>();
        await AppendAsync(host, "later");
        await daemon.CatchUpAsync(Cancellation);
        _seen.ShouldBe(["seeded", "later"]);

        await host.StopAsync(Cancellation);
        await AppendAsync(host, "too late");
        var status = (await host.Services.GetRequiredService<IEventStore>().Subscriptions.StatusAsync(Cancellation)).ShouldHaveSingleItem();
        status.State.ShouldBe(SubscriptionState.Unowned);
        status.Lag.ShouldBe(1);
        _seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ten_hosts_that_start_at_once_on_an_empty_database_create_each_subscription_once_and_handle_each_event_once()
    {
        var hosts = Enumerable.Range(0, 10).Select(_ => Build(
            static builder => builder.ApplySchemaOnStartup().AddDaemon(),
            static subscription => subscription.PartitionByStream(4))).ToList();
        await Task.WhenAll(hosts.Select(static host => host.StartAsync(Cancellation)));

        foreach (var number in Enumerable.Range(0, 20))
            await AppendAsync(hosts[0], $"{number}", $"note-{number}");

        await hosts[9].Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);
        _seen.Order().ShouldBe(Enumerable.Range(0, 20).Select(static number => $"{number}").Order());
        var store = hosts[5].Services.GetRequiredService<IEventStore>();
        (await store.Subscriptions.StatusAsync(Cancellation)).ShouldHaveSingleItem().Ranges.Count.ShouldBe(4);

        await Task.WhenAll(hosts.Select(static host => host.StopAsync(Cancellation)));
        hosts.ForEach(static host => host.Dispose());
    }

    [Fact]
    public async Task A_handler_that_does_not_end_keeps_no_host_from_stopping()
    {
        var isCalled = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        using var host = _host.Build(
            static builder => builder.ApplySchemaOnStartup().AddDaemon(DaemonMode.Solo),
            options => options.Subscriptions.Add("notes", subscription => subscription.Handle((_, _) =>
            {
                isCalled.TrySetResult();
                return never.Task;
            })));
        await host.StartAsync(Cancellation);
        await AppendAsync(host, "1");
        await isCalled.Task.WaitAsync(Cancellation);

        using var time = new CancellationTokenSource();
        var stop = host.StopAsync(time.Token);
        stop.IsCompleted.ShouldBeFalse();
        await time.CancelAsync();

        await stop.WaitAsync(Cancellation);
        (await host.Services.GetRequiredService<IEventStore>().Subscriptions.StatusAsync(Cancellation)).ShouldHaveSingleItem()
            .Position.ShouldBe(0);
    }

    [Fact]
    public async Task A_handler_is_cancelled_when_the_time_of_the_host_is_over_and_its_event_comes_again()
    {
        var isCalled = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        using var host = _host.Build(
            static builder => builder.ApplySchemaOnStartup().AddDaemon(DaemonMode.Solo),
            options => options.Subscriptions.Add("notes", subscription => subscription.Handle(async (@event, context) =>
            {
                isCalled.TrySetResult();
                await using var registered = context.CancellationToken.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            })));
        await host.StartAsync(Cancellation);
        await AppendAsync(host, "1");
        await isCalled.Task.WaitAsync(Cancellation);

        await host.StopAsync(new CancellationToken(canceled: true));

        cancelled.Task.IsCompleted.ShouldBeTrue();
        using var next = Build(static builder => builder.AddDaemon(DaemonMode.Solo));
        await next.StartAsync(Cancellation);
        await next.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);
        _seen.ShouldBe(["1"]);
        await next.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_daemon_waits_for_a_database_that_comes_up_later_and_not_without_end()
    {
        using (var first = Build(static builder => builder.ApplySchemaOnStartup()))
        {
            await first.StartAsync(Cancellation);
            await first.StopAsync(Cancellation);
        }

        await using var proxy = new TcpProxy(_host.ConnectionString);
        proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
        using var host = Build(static builder => builder.AddDaemon(DaemonMode.Solo), connectionString: proxy.ConnectionString);
        await host.StartAsync(Cancellation);
        await AppendAsync(host, "1");
        await host.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);
        _seen.ShouldBe(["1"]);
        await host.StopAsync(Cancellation);

        using var lost = _host.Build(
            static builder => builder.AddDaemon(),
            static options => options.Startup.DatabasePatience = TimeSpan.FromMilliseconds(200),
            new NpgsqlConnectionStringBuilder(_host.ConnectionString) { Host = "127.0.0.1", Port = 1 }.ConnectionString);
        await Should.ThrowAsync<DatabaseUnavailableException>(() => lost.StartAsync(Cancellation));
    }

    [Fact]
    public async Task A_store_with_a_key_has_a_daemon_with_the_key()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddKeyedFluentEventStore("notes", options =>
        {
            options.Schema = _host.Schema;
            options.Connection(_host.ConnectionString);
            options.Subscriptions.Add("notes", Collect);
        }).ApplySchemaOnStartup().AddDaemon(DaemonMode.Solo);
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        await using (var session = host.Services.GetRequiredKeyedService<IEventStore>("notes").OpenSession())
        {
            session.Events.Append("note", new NoteTaken("1"));
            await session.SaveChangesAsync(Cancellation);
        }

        await host.Services.GetRequiredKeyedService<IDaemon>("notes").CatchUpAsync(Cancellation);

        _seen.ShouldBe(["1"]);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public void A_second_daemon_is_refused() =>
        Should.Throw<InvalidOperationException>(() => _host.Build(static builder => builder.AddDaemon().AddDaemon(DaemonMode.Solo)))
            .Message.ShouldContain("daemon");

    private IHost Build(
        Action<EventStoreBuilder> add, Action<SubscriptionBuilder>? declare = null, string? connectionString = null) => _host.Build(
        add,
        options => options.Subscriptions.Add("notes", subscription =>
        {
            Collect(subscription);
            declare?.Invoke(subscription);
        }),
        connectionString);

    private void Collect(SubscriptionBuilder subscription) => subscription.Handle((@event, _) =>
    {
        _seen.Enqueue(((NoteTaken)@event.Data).Text);
        return Task.CompletedTask;
    });

    private static async Task AppendAsync(IHost host, string text, string stream = "note")
    {
        await using var session = host.Services.GetRequiredService<IEventStore>().OpenSession();
        session.Events.Append(stream, new NoteTaken(text));
        await session.SaveChangesAsync(Cancellation);
    }
}
