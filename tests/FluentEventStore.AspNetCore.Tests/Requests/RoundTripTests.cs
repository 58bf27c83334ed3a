using System.Net;
using System.Net.Http.Json;
using FluentEventStore.PostgresTests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>How often a request waits for the database.</summary>
public sealed class RoundTripTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_appends_waits_for_the_database_once(bool hasTenant)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var host = await StartAsync(proxy, hasTenant);

        // Opens the connection and looks at the log.
        await PostAsync(host, Guid.NewGuid(), 5, HttpStatusCode.NoContent);
        var before = proxy.RoundTrips;
        var id = Guid.NewGuid();

        for (var count = 0; count < 5; count++)
            await PostAsync(host, id, 5, HttpStatusCode.NoContent);

        (proxy.RoundTrips - before).ShouldBe(5);
        var events = await bank.FetchAsync(id, hasTenant ? new TenantId("north") : TenantId.Default);
        events.Count.ShouldBe(5);
        events.ShouldAllBe(static @event => @event.CorrelationId == "0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task A_request_that_is_refused_waits_for_the_database_not_at_all()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var host = await StartAsync(proxy, hasTenant: false);
        await PostAsync(host, Guid.NewGuid(), 5, HttpStatusCode.NoContent);
        var before = proxy.RoundTrips;

        await PostAsync(host, Guid.NewGuid(), -5, HttpStatusCode.BadRequest);

        proxy.RoundTrips.ShouldBe(before);
    }

    private static async Task PostAsync(WebHost host, Guid id, int amount, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/accounts/{id}/deposits");
        request.Content = JsonContent.Create(new Deposit(amount));
        request.Headers.Add("X-Tenant", "north");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await host.Client.SendAsync(request, Cancellation);
        response.StatusCode.ShouldBe(expected);
    }

    private Task<WebHost> StartAsync(TcpProxy proxy, bool hasTenant) => WebHost.StartAsync(
        bank,
        static app => app.MapPost("/accounts/{id}/deposits", static IResult (Guid id, Deposit body, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(body.Amount));
            return body.Amount < 0 ? TypedResults.BadRequest() : TypedResults.NoContent();
        }).WithUnitOfWork(),
        services => services.AddFluentEventStoreWeb(web =>
        {
            web.UserName = static _ => "ada";
            if (hasTenant)
                web.TenantFromHeader("X-Tenant");
        }),
        options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
}
