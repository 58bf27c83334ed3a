using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FluentEventStore.PostgresTests;
using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>What becomes of a request whose unit was sent before the connection broke.</summary>
public sealed class UnknownOutcomeTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, false)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer, true)]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, false)]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt, true)]
    public async Task The_same_unit_is_saved_again_inside_the_request_and_written_once(TcpProxy.Break when, bool isDocument)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var host = await StartAsync(proxy, TimeSpan.FromSeconds(30));
        (await host.Client.PostAsync($"/{isDocument}/{Guid.NewGuid()}", content: null, Cancellation)).EnsureSuccessStatusCode();

        // Work of the store in the background may meet a break instead of the save.
        for (var round = 0; round < 5; round++)
        {
            var id = Guid.NewGuid();
            proxy.BreakNext(when);
            var response = await host.Client.PostAsync($"/{isDocument}/{id}", content: null, Cancellation);

            proxy.Met.IsCompleted.ShouldBeTrue();
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            if (isDocument)
            {
                await using var session = bank.Store.OpenQuerySession();
                (await session.LoadAsync<Customer>(id, Cancellation)).ShouldNotBeNull();
            }
            else
            {
                (await bank.FetchAsync(id)).Count.ShouldBe(1);
            }
        }
    }

    [Fact]
    public async Task An_outcome_that_stays_unknown_is_503_and_says_so()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var host = await StartAsync(proxy, TimeSpan.Zero);
        (await host.Client.PostAsync($"/false/{Guid.NewGuid()}", content: null, Cancellation)).EnsureSuccessStatusCode();
        HttpResponseMessage response;
        Guid id;
        var round = 0;
        do
        {
            id = Guid.NewGuid();
            proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
            response = await host.Client.PostAsync($"/false/{id}", content: null, Cancellation);
        }
        while (response.StatusCode == HttpStatusCode.OK && ++round < 20);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("outcome").GetString().ShouldBe("unknown");
        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    private Task<WebHost> StartAsync(TcpProxy proxy, TimeSpan patience) => WebHost.StartAsync(
        bank,
        static app => app.MapPost("/{isDocument:bool}/{id}", static (bool isDocument, Guid id, IDocumentSession session) =>
        {
            if (isDocument)
                session.Insert(new Customer { Id = id, Name = "Ada" });
            else
                session.Events.Append(id, new MoneyMoved(1));
        }).WithUnitOfWork(),
        services => services.AddFluentEventStoreWeb(web => web.UnknownOutcomePatience = patience),
        options => options.Connection(proxy.ConnectionString).Events.Notifications = false);
}
