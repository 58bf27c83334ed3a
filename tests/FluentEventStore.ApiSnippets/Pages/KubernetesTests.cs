using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The program of docs/how-to/kubernetes.md, called as its YAML says.</summary>
public sealed partial class KubernetesTests(SnippetStore snippets) : IAsyncLifetime
{
    private static readonly string Page = Repository.Read("docs/how-to/kubernetes.md");

    private readonly string _database = $"shop_{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ExecuteAsync(snippets.ConnectionString, $"create database {_database}");

    public async ValueTask DisposeAsync() => await ExecuteAsync(snippets.ConnectionString, $"drop database {_database} with (force)");

    [Fact]
    public async Task The_init_container_migrates_and_the_replicas_wait_and_the_probes_answer()
    {
        var owner = new NpgsqlConnectionStringBuilder(snippets.ConnectionString) { Database = _database, Pooling = false }
            .ConnectionString;
        var role = _database;
        var application = new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = "secret" }.ConnectionString;

        await RunAsync([ArgumentOfPage().Match(Page).Groups[1].Value], owner, _ => Assert.Fail("It serves instead of migrating."));
        var grants = Grants().Match(Repository.Read("docs/reference/database.md")).Groups[1].Value
            .Replace(" app;", $" {role};", StringComparison.Ordinal);
        await ExecuteAsync(owner, $"create role {role} login password 'secret'; {grants}");
        // The other document of this assembly.
        await ExecuteAsync(owner, $"grant select, insert, update, delete on event_store.doc_product to {role}");
        try
        {
            await ServeAsync(application, async client =>
            {
                foreach (var path in ProbesOfPage().Matches(Page).Select(static probe => probe.Groups[1].Value))
                    (await StatusOfAsync(client, path)).ShouldBe(HttpStatusCode.OK, path);

                await ExecuteAsync(owner, "alter table event_store.seeds rename to away");
                (await StatusOfAsync(client, "/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
                (await StatusOfAsync(client, "/live")).ShouldBe(HttpStatusCode.OK);
            });
        }
        finally
        {
            await ExecuteAsync(owner, $"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public void A_server_has_the_time_to_end_that_the_page_names() =>
        Page.ShouldContain($"`HostOptions.ShutdownTimeout` ({new HostOptions().ShutdownTimeout.TotalSeconds} seconds)");

    private static async Task RunAsync(string[] args, Action<WebApplication> built)
    {
        // begin-snippet: program
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddFluentEventStore(options => options.Connection(builder.Configuration.GetConnectionString("Shop")!))
            .WaitForSchemaOnStartup();
        builder.Services.AddHealthChecks().AddFluentEventStore();
        await using var app = builder.Build();

        if (args is ["migrate"])
        {
            await app.Services.GetRequiredService<IEventStore>().Schema.ApplyAsync();
            return;
        }
        // end-snippet

        // begin-snippet: probes
        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        app.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false });
        // end-snippet

        built(app);
        await app.RunAsync();
    }

    /// <summary>Runs the program with a connection string in the environment, as the YAML of the page has it.</summary>
    private static async Task RunAsync(string[] args, string connectionString, Action<WebApplication> built)
    {
        var variable = VariableOfPage().Matches(Page).Select(static match => match.Groups[1].Value).Distinct().Single();
        Environment.SetEnvironmentVariable(variable, connectionString);
        try
        {
            await RunAsync(args, built);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    private static async Task ServeAsync(string connectionString, Func<HttpClient, Task> askAsync)
    {
        var ready = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = RunAsync(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"],
            connectionString,
            app => app.Lifetime.ApplicationStarted.Register(() => ready.SetResult(app)));
        if (await Task.WhenAny(running, ready.Task) == running)
            await running;

        var app = await ready.Task;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            await askAsync(client);
        }
        finally
        {
            app.Lifetime.StopApplication();
            await running;
        }
    }

    private static async Task<HttpStatusCode> StatusOfAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"args: \[""(\w+)""\]")]
    private static partial Regex ArgumentOfPage();

    [GeneratedRegex(@"name: (ConnectionStrings__\w+),")]
    private static partial Regex VariableOfPage();

    [GeneratedRegex(@"Probe: \{ httpGet: \{ path: (\S+), port: 8080 \}")]
    private static partial Regex ProbesOfPage();

    [GeneratedRegex("## Rights.*?```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Grants();
}
