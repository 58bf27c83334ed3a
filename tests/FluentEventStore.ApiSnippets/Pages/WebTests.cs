// begin-snippet: start
using FluentEventStore;
using FluentEventStore.AspNetCore;
// end-snippet
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FluentEventStore.ApiSnippets;
using FluentEventStore.ApiSnippets.Bank;
using FluentEventStore.ApiSnippets.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Banking;

/// <summary>The code of docs/how-to/web.md, as one application.</summary>
public sealed class WebTests(SnippetStore snippets) : IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private StartedApplication? _host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private StartedApplication Host => _host ?? throw new InvalidOperationException("The application is not started.");

    public async ValueTask InitializeAsync()
    {
        _host = await StartedApplication.StartAsync(
            Build(StartedApplication.Arguments(SnippetStore.NewSchema()), snippets.ConnectionString));
        Host.Client.DefaultRequestHeaders.Add("X-Tenant", "acme");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_unit_of_work_for_its_tenant()
    {
        using var answer = await PostAsync($"/accounts/{_id}/deposits", new Deposit(5m));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var session = Host.App.Services.GetRequiredService<IEventStore>().OpenQuerySession("1");
        var deposited = (await session.Events.FetchStreamAsync(_id, Cancellation)).Single();
        deposited.Data.ShouldBeOfType<MoneyDeposited>().Amount.ShouldBe(5m);
        deposited.CorrelationId.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.NotFound, "unknown-tenant")]
    [InlineData(null, HttpStatusCode.BadRequest, "tenant-missing")]
    public async Task A_tenant_that_is_unknown_or_missing_is_told(string? tenant, HttpStatusCode expected, string problem)
    {
        Host.Client.DefaultRequestHeaders.Remove("X-Tenant");
        if (tenant is not null)
            Host.Client.DefaultRequestHeaders.Add("X-Tenant", tenant);

        using var answer = await PostAsync($"/accounts/{_id}/deposits", new Deposit(5m));

        answer.StatusCode.ShouldBe(expected);
        (await TypeOf(answer)).ShouldEndWith($"/problems.md#{problem}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{")]
    public async Task What_a_request_leaves_out_is_told_by_a_problem(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Host.Client.PostAsync($"/accounts/{_id}/deposits", content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Commands_are_decided_and_answered_with_the_state()
    {
        using (var missing = await PostAsync($"/accounts/{_id}/withdrawals", new Withdraw(_id, 1m)))
            missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var opened = await PostAsync($"/accounts/{_id}", new Open(_id, "Ada"));
        (await opened.Content.ReadFromJsonAsync<AccountState>(Cancellation)).ShouldBe(new AccountState(IsOpen: true, Balance: 0m));
        opened.Headers.ETag.ShouldNotBeNull();

        using var refused = await PostAsync($"/accounts/{_id}/withdrawals", new Withdraw(_id, 1m));
        ((int)refused.StatusCode).ShouldBe(422);
        (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("title").GetString().ShouldBe("Not enough money");
    }

    [Fact]
    public async Task A_precondition_of_the_client_is_checked()
    {
        (await PutAsync(_id, "Ada", ifMatch: null)).ShouldBe(HttpStatusCode.NotFound);
        var store = Host.App.Services.GetRequiredService<IEventStore>();
        await using var session = store.OpenSession("1");
        session.Store(new Customer { Id = _id, Name = "Ada" });
        await session.SaveChangesAsync(Cancellation);
        var stored = (await session.LoadVersionedAsync<Customer>(_id, Cancellation)).ShouldNotBeNull();
        var tag = EntityTags.ForDocument<Customer>("1", _id, stored.Version);

        (await PutAsync(_id, "Eve", tag)).ShouldBe(HttpStatusCode.NoContent);
        (await PutAsync(_id, "Bob", tag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await PutAsync(_id, "Bob", "malformed")).ShouldBe(HttpStatusCode.BadRequest);

        await using var reading = store.OpenQuerySession("1");
        (await reading.LoadAsync<Customer>(_id, Cancellation))!.Name.ShouldBe("Eve");
    }

    private static WebApplication Build(string[] args, string connectionString)
    {
        // begin-snippet: start
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddFluentEventStore(options => options.Connection(connectionString)).ApplySchemaOnStartup();
        // end-snippet

        builder.Services.AddSingleton<CustomerList>();

        // begin-snippet: strict
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        // end-snippet

        // begin-snippet: settings
        builder.Services.AddFluentEventStoreWeb(web =>
        {
            web.TenantFromHeader("X-Tenant");                                             // or Route, Host, Claim
            web.UserName = user => user.FindFirst("sub")?.Value;
            web.MapException<InsufficientFundsException>(422, "Not enough money");
        });
        // end-snippet

        // begin-snippet: tenants
        builder.Services.AddSingleton<ITenantResolver, Customers>();
        // end-snippet

        // begin-snippet: start
        var app = builder.Build();

        app.MapPost("/accounts/{id}/deposits", (Guid id, Deposit body, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyDeposited(id, body.Amount, "EUR", DateTimeOffset.UtcNow));
            })
           .WithUnitOfWork();
        // end-snippet

        // begin-snippet: strict
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        // end-snippet

        // begin-snippet: commands
        app.MapCommand<AccountState, Withdraw>("/accounts/{id}/withdrawals", AccountRules.Decider);
        app.MapCommand<AccountState, Open>("/accounts/{id}", AccountRules.Decider, command => command.MayBegin = true);
        // end-snippet

        // begin-snippet: preconditions
        app.MapPut("/customers/{id}", async (Guid id, Customer body, Preconditions preconditions, IDocumentSession session) =>
            {
                var stored = await session.LoadVersionedAsync<Customer>(id);
                preconditions.CheckDocument<Customer>(session.TenantId, id, stored?.Version);
                if (stored is null)
                    return Results.NotFound();

                session.Update(body with { Id = id }, stored.Version);
                return Results.NoContent();
            })
           .WithUnitOfWork();
        // end-snippet

        return app;
    }

    private static async Task<string?> TypeOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString();

    private Task<HttpResponseMessage> PostAsync<T>(string path, T body) => Host.Client.PostAsJsonAsync(path, body, Cancellation);

    private async Task<HttpStatusCode> PutAsync(Guid id, string name, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/customers/{id}") { Content = JsonContent.Create(new { name }) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);

        using var answer = await Host.Client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}

// begin-snippet: tenants
public sealed class Customers(CustomerList list) : ITenantResolver
{
    public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken) =>
        await list.FindAsync(name, cancellationToken) is { } customer ? TenantResolution.Of(customer.Id) : TenantResolution.Unknown;
}
// end-snippet
