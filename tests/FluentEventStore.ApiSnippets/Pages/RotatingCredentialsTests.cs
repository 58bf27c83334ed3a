using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/rotating-credentials.md.</summary>
public sealed class RotatingCredentialsTests(SnippetStore snippets)
{
    [Fact]
    public async Task A_store_gets_its_password_from_the_vault()
    {
        var builder = new NpgsqlConnectionStringBuilder(snippets.ConnectionString);
        var vault = new Vault(builder.Password);
        builder.Password = null;
        string[] args =
        [
            .. StartedApplication.Arguments(SnippetStore.NewSchema()),
            $"--ConnectionStrings:Shop={builder.ConnectionString}",
        ];

        await using (var host = await StartedApplication.StartAsync(Build(args, vault)))
            await host.App.Services.GetRequiredService<IEventStore>().Schema.AssertAsync(TestContext.Current.CancellationToken);

        vault.Asked.ShouldBe(1);
    }

    private static WebApplication Build(string[] args, Vault vault)
    {
        var builder = WebApplication.CreateBuilder(args);

        // begin-snippet: rotate
        builder.Services.AddSingleton(_ =>
        {
            // Without a password: Host=db;Database=shop;Username=app;Max Auto Prepare=100;Auto Prepare Min Usages=2
            var dataSource = new NpgsqlDataSourceBuilder(builder.Configuration.GetConnectionString("Shop"));
            dataSource.UsePeriodicPasswordProvider(
                async (_, cancellationToken) => await vault.ReadPasswordAsync(cancellationToken),
                successRefreshInterval: TimeSpan.FromMinutes(10),
                failureRefreshInterval: TimeSpan.FromSeconds(5));
            return dataSource.Build();
        });
        builder.Services.AddFluentEventStore().ApplySchemaOnStartup();
        // end-snippet

        return builder.Build();
    }

    /// <summary>Stands in for a service that keeps passwords.</summary>
    private sealed class Vault(string? password)
    {
        public int Asked { get; private set; }

        public async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Asked++;
            return password ?? "none";
        }
    }
}
