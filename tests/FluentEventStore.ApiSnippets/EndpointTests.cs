using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Banking;
using FluentEventStore.ApiSnippets.Bank;
using FluentEventStore.ApiSnippets.Pages;
using FluentEventStore.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.ApiSnippets;

/// <summary>A store among the services of a web application, as the page on the public surface has it.</summary>
public sealed class EndpointTests(SnippetStore snippets)
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_is_a_singleton_and_sessions_are_scoped()
    {
        await using var host = await StartedApplication.StartAsync(Build());
        await using var one = host.App.Services.CreateAsyncScope();
        await using var other = host.App.Services.CreateAsyncScope();

        one.ServiceProvider.GetRequiredService<IEventStore>().ShouldBeSameAs(other.ServiceProvider.GetRequiredService<IEventStore>());
        SessionsOf(one).ShouldBe(SessionsOf(one));
        SessionsOf(one).ShouldNotBe(SessionsOf(other));

        static (IDocumentSession, IQuerySession) SessionsOf(AsyncServiceScope scope) =>
            (scope.ServiceProvider.GetRequiredService<IDocumentSession>(), scope.ServiceProvider.GetRequiredService<IQuerySession>());
    }

    [Fact]
    public async Task A_handler_is_saved_in_the_requests_correlation_and_a_conflict_is_a_409()
    {
        await using var host = await StartedApplication.StartAsync(Build());
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        host.Client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");

        using var saved = await host.Client.PostAsJsonAsync($"/accounts/{_id}/deposits", new Deposit(5m), Cancellation);
        using var refused = await host.Client.PostAsJsonAsync($"/accounts/{_id}/deposits", new Deposit(5m), Cancellation);

        saved.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("actual").GetInt64().ShouldBe(1);
        await using var session = host.App.Services.GetRequiredService<IEventStore>().OpenQuerySession();
        (await session.Events.FetchStreamAsync(_id, Cancellation)).Single().CorrelationId.ShouldBe(Trace);
    }

    private WebApplication Build()
    {
        string[] args = [.. StartedApplication.Arguments(SnippetStore.NewSchema()), $"--Bank={snippets.ConnectionString}"];
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddFluentEventStore((services, options) =>     // or options alone
                options.Connection(services.GetRequiredService<IConfiguration>()["Bank"]!))
            .ApplySchemaOnStartup();
        var app = builder.Build();

        // The stream must be new, so that the second request meets a conflict.
        app.MapPost("/accounts/{id}/deposits", async (Guid id, Deposit body, IDocumentSession session) =>
            {
                session.Events.Append(id, ExpectedVersion.NoStream, new MoneyDeposited(id, body.Amount, "EUR", DateTimeOffset.UtcNow));
                await Task.CompletedTask;
            })
           .WithUnitOfWork();                                           // saves after a successful handler
        return app;
    }
}
