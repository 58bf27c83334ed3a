using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class HostChecks(string connectionString)
{
    private readonly string _schema = $"smoke_{Guid.NewGuid():N}"[..18];

    public async Task StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        Configure(builder, "FluentEventStore");
        builder.Services.AddFluentEventStore((_, options) => options.Startup.DatabasePatience = TimeSpan.FromSeconds(5))
            .ApplySchemaOnStartup()
            .SeedWith("first", static (session, _) =>
            {
                session.Events.Append("seeded", new AccountOpened("Ada", Currency.Franc));
                return Task.CompletedTask;
            })
            .SeedWith("second", static (services, session, _) =>
            {
                session.Events.Append("seeded", new AccountOpened(services.GetRequiredService<string>(), Currency.Franc));
                return Task.CompletedTask;
            })
            .SeedWith("third", "north", static (session, _) =>
            {
                session.Events.Append("seeded", new AccountOpened("Ada", Currency.Franc));
                return Task.CompletedTask;
            })
            .SeedWith("fourth", "south", static (services, session, _) =>
            {
                session.Events.Append("seeded", new AccountOpened(services.GetRequiredService<string>(), Currency.Franc));
                return Task.CompletedTask;
            });
        builder.Services.AddFluentEventStore().AddDaemon();
        builder.Services.ConfigureEventStore(static options => options.Subscriptions.Add("copies", static subscription =>
            subscription.ForEvents<AccountOpened>().Handle<Copying>()));
        builder.Services.ConfigureEventStore(static options => options.Messages.SendTo<ReminderSink>()).AddScoped<ReminderSink>();
        builder.Services.ConfigureEventStore(static options => options.Startup.SchemaPatience = TimeSpan.FromMinutes(1))
            .ConfigureEventStore(static (_, options) => options.CommandTimeout = TimeSpan.FromSeconds(20))
            .AddSingleton("Grace")
            .AddSingleton<IConfigureSessions>(new OfAda());
        builder.Services.AddHealthChecks().AddFluentEventStore();
        using var host = builder.Build();
        await host.StartAsync();

        await using (var scope = host.Services.CreateAsyncScope())
        {
            var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
            session.Events.Append("by a scope", new AccountOpened("Ada", Currency.Franc));
            session.Messages.Publish(new Reminder("by a scope", []));
            await session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(5));
            Equal("ada", (await session.Events.FetchStreamAsync("by a scope"))[0].UserName);
            var sessions = scope.ServiceProvider.GetRequiredService<IEventStoreSessions>();
            await using var another = sessions.OpenSession();
            await using var reading = sessions.OpenQuerySession();
            Equal(2, (await reading.Events.FetchStreamAsync("seeded")).Count);
        }

        var store = host.Services.GetRequiredService<IEventStore>();
        Equal(false, await store.SeedAsync("first", static (_, _) => Task.CompletedTask));
        Equal(false, await store.SeedAsync("third", "north", static (_, _) => Task.CompletedTask));
        Equal(
            false,
            await store.DatabaseOf(TenantId.Default).SeedAsync("second", static (_, _) => Task.CompletedTask));
        await host.Services.GetRequiredService<IDaemon>().CatchUpAsync();
        await using (var reading = store.OpenQuerySession())
            Equal(3, (await reading.Events.FetchStreamAsync("copies by Grace")).Count);

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync();
    }

    public async Task KeepSeveralAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        foreach (var key in (string[])["one", "two", "three"])
            Configure(builder, $"FluentEventStore:Stores:{key}");

        builder.Services.AddKeyedFluentEventStore("one").WaitForSchemaOnStartup().AddDaemon(DaemonMode.Solo);
        builder.Services.AddKeyedFluentEventStore("two", static options => options.Events.MaxBytesOfEvent = 1000).AssertSchemaOnStartup();
        builder.Services.AddKeyedFluentEventStore("three", static (_, options) => options.Events.MaxBytesOfEvent = 1000);
        builder.Services.ConfigureKeyedEventStore("one", static options => options.Events.MaxBytesOfEvent = 1000);
        builder.Services.ConfigureKeyedEventStore("one", static (_, options) => options.Events.MaxBytesOfEvent = 2000);
        builder.Services.AddHealthChecks().AddFluentEventStore(static options =>
        {
            options.Key = "one";
            options.Tags = ["live"];
            options.Timeout = TimeSpan.FromSeconds(10);
            options.SettlingDegradedAfter = TimeSpan.FromSeconds(5);
            options.SettlingUnhealthyAfter = TimeSpan.FromSeconds(30);
            options.SubscriptionsUnhealthyAfter = TimeSpan.FromSeconds(30);
            options.MessagesDegradedAfter = TimeSpan.FromMinutes(1);
        });
        using var host = builder.Build();
        await host.StartAsync();
        Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
        await host.StopAsync();

        Configure(builder, "FluentEventStore:Stores:four");
        var wrong = Host.CreateApplicationBuilder();
        wrong.Services.AddFluentEventStore(static options => options.Schema = "No Name");
        using var refused = wrong.Build();
        Equal(2, (await ThrowsAsync<EventStoreConfigurationException>(() => refused.StartAsync())).Faults.Count);
    }

    private void Configure(HostApplicationBuilder builder, string section)
    {
        builder.Configuration[$"{section}:ConnectionString"] = connectionString;
        builder.Configuration[$"{section}:Schema"] = _schema;
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
    }

    /// <summary>A sink among the services.</summary>
    private sealed class ReminderSink : IMessageSink
    {
        public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
        {
            Equal("by a scope", ((Reminder)message.Data).Text);
            return Task.CompletedTask;
        }
    }

    private sealed class OfAda : IConfigureSessions
    {
        public void Configure(SessionOptions options) => options.UserName = "ada";
    }
}
