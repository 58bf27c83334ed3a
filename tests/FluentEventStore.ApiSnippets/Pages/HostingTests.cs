using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using FluentEventStore.ApiSnippets.Bank;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/hosting.md, as one application.</summary>
public sealed partial class HostingTests(SnippetStore snippets)
{
    private const string Page = "docs/how-to/hosting.md";

    private readonly string[] _schemas = [SnippetStore.NewSchema(), SnippetStore.NewSchema(), SnippetStore.NewSchema()];
    private readonly Guid _bankId = Guid.NewGuid();
    private readonly Outbox _mail = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_store_is_made_of_the_configuration_on_the_page_and_is_ready_and_seeded()
    {
        await using var host = await StartedApplication.StartAsync(Build());
        await using var scope = host.App.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<IQuerySession>();

        (await sessions.LoadAsync<Account>(_bankId, Cancellation)).ShouldBe(new Account(_bankId, "Bank", 0m));
        var health = await host.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        health.Status.ShouldBe(HealthStatus.Healthy);
        health.Entries.Keys.ShouldBe(CheckOfPage().Matches(Repository.Read(Page)).Select(static row => row.Groups[1].Value));
        health.Entries.Values.SelectMany(static entry => entry.Tags).Distinct().ShouldBe(["ready"]);
    }

    [Fact]
    public async Task What_happens_is_handled_by_a_handler_from_the_services_which_writes_with_the_session_of_its_page()
    {
        await using var host = await StartedApplication.StartAsync(Build());

        await host.App.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);

        _mail.Sent.ShouldBe(["Welcome, Bank"]);
        await using var reading = host.App.Services.GetRequiredService<IEventStore>().OpenQuerySession();
        (await reading.Events.FetchStreamAsync(_bankId, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_worker_works_for_whom_its_scope_says()
    {
        await using var host = await StartedApplication.StartAsync(Build());
        var id = Guid.NewGuid();

        await WorkAsync(
            host.App.Services.GetRequiredService<IServiceScopeFactory>(),
            "job 1",
            session => session.Events.Append(id, new AccountOpened(id, "Ada", "EUR")));

        await using var reading = host.App.Services.GetRequiredService<IEventStore>().OpenQuerySession("acme");
        (await reading.Events.FetchStreamAsync(id, Cancellation)).Single().CorrelationId.ShouldBe("job 1");
    }

    [Fact]
    public async Task Each_of_several_stores_has_a_schema_of_its_own()
    {
        await using var host = await StartedApplication.StartAsync(Build());

        string?[] keys = [null, "billing", "audit"];

        foreach (var (key, schema) in keys.Zip(_schemas))
        {
            using var script = new StringWriter();
            await host.App.Services.GetRequiredKeyedService<IEventStore>(key).Schema.ScriptAsync(script, Cancellation);
            script.ToString().ShouldContain($"{schema}.events");
        }
    }

    [Fact]
    public void The_page_names_each_key_of_the_configuration()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("FluentEventStore:Misspelt", "1")]).Build());
        services.AddFluentEventStore();
        using var provider = services.BuildServiceProvider();

        var failure = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>());

        var known = failure.Faults.Single(static fault => fault.Option == "FluentEventStore:Misspelt").Reason.Split("Known are ")[1];
        var table = Repository.Read(Page).Split("| key |")[1].Split("\n\n")[0];
        InCode().Matches(string.Join('\n', table.Split('\n').Select(static row => row.Split('|').ElementAtOrDefault(1))))
            .Select(static key => key.Groups[1].Value)
            .ShouldBe(known.TrimEnd('.').Split(", "), ignoreOrder: true);
    }

    private WebApplication Build()
    {
        // The section of the page, with a server that is there instead of the one of the page.
        var section = Repository.Read(Page).Split("```json\n")[1].Split("```")[0];
        string[] args =
        [
            .. StartedApplication.Arguments(_schemas[0]),
            $"--ConnectionStrings:Bank={snippets.ConnectionString}",
            "--FluentEventStore:Stores:audit:ConnectionName=Bank",
            $"--FluentEventStore:Stores:audit:Schema={_schemas[2]}",
            "--FluentEventStore:Stores:billing:ConnectionName=Bank",
        ];
        var bankId = _bankId;

        // begin-snippet: host
        var builder = WebApplication.CreateBuilder(args);   // or CreateSlimBuilder, or Host.CreateApplicationBuilder
        builder.Services.AddFluentEventStore(options => options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline))
            .ApplySchemaOnStartup();
        // end-snippet

        using var json = new MemoryStream(Encoding.UTF8.GetBytes(section));
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable() });

        // begin-snippet: stores
        builder.Services.AddKeyedFluentEventStore("billing", options => options.Schema = "billing");
        builder.Services.AddKeyedFluentEventStore("audit");      // FluentEventStore:Stores:audit in the configuration
        // end-snippet

        builder.Services.ConfigureKeyedEventStore("billing", options => options.Schema = _schemas[1]);

        // begin-snippet: seed
        builder.Services.AddFluentEventStore()
            .ApplySchemaOnStartup()
            .SeedWith("accounts", (session, cancellationToken) =>
            {
                session.Events.StartStream<Account>(bankId, new AccountOpened(bankId, "Bank", "EUR"));
                return Task.CompletedTask;
            });
        // end-snippet

        // begin-snippet: daemon
        builder.Services.AddFluentEventStore().AddDaemon();   // or AddDaemon(DaemonMode.Solo)
        builder.Services.ConfigureEventStore(options => options.Subscriptions.Add("mailer", subscription => subscription
            .OnError(retries: 3, then: FailedEvent.Park)
            .Handle<Welcoming>()));
        // end-snippet

        builder.Services.AddSingleton<IMail>(_mail);

        // begin-snippet: health
        builder.Services.AddHealthChecks().AddFluentEventStore();
        // end-snippet

        return builder.Build();
    }

    private static async Task WorkAsync(IServiceScopeFactory scopeFactory, string jobId, Action<IDocumentSession> work)
    {
        // begin-snippet: worker
        await using var scope = scopeFactory.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<IEventStoreSessions>();
        sessions.Options.TenantId = "acme";
        sessions.Options.CorrelationId = jobId;
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        // end-snippet

        work(session);
        await session.SaveChangesAsync(Cancellation);
    }

    [GeneratedRegex(@"^\| `(fluenteventstore-\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex CheckOfPage();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InCode();
}

// begin-snippet: welcoming
[EventHandler]
internal sealed partial class Welcoming(IMail mail, IDocumentSession session)
{
    private async Task Handle(IEvent<AccountOpened> e, CancellationToken cancellationToken)
    {
        await mail.SendAsync($"Welcome, {e.Data.Owner}", cancellationToken);
        session.Events.Append(e.StreamId, new OwnerWelcomed(e.Data.Owner));
    }
}
// end-snippet

internal interface IMail
{
    Task SendAsync(string text, CancellationToken cancellationToken);
}

internal sealed class Outbox : IMail
{
    public ConcurrentQueue<string> Sent { get; } = new();

    /// <summary>Called before a mail is sent: it may throw.</summary>
    public Action<string>? Told { get; set; }

    public Task SendAsync(string text, CancellationToken cancellationToken)
    {
        Told?.Invoke(text);
        Sent.Enqueue(text);
        return Task.CompletedTask;
    }
}

[Event]
internal sealed record OwnerWelcomed(string Owner);
