using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FluentEventStore.AspNetCore.Tests.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>Requests that nobody expects.</summary>
public sealed class OddRequestTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_if_match_lets_nothing_through()
    {
        await using var host = await StartAsync(static app => app.MapCommand<TillState, Withdraw>("/{id}", Commands.Till.Decider));
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new AccountOpened("Ada"), new MoneyMoved(100));

        var status = await PostAsync(host, $"/{id}", "application/json", """{"amount":5}""", "If-Match:");

        status.ShouldBeOneOf(400, 412);
        (await bank.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("application/json; charset=none", """{"kind":"open"}""")]
    [InlineData("application/json", """{"owner":"Ada"}""")]
    [InlineData("application/json", """{"owner":"Ada","kind":"open"}""")]
    public async Task A_command_that_cannot_be_read_is_the_fault_of_the_client(string contentType, string body)
    {
        await using var host = await StartAsync(static app => app.MapCommand<TillState, TillCommand>("/{id}", Commands.Till.Decider));

        (await PostAsync(host, $"/{Guid.NewGuid()}", contentType, body)).ShouldBeOneOf(400, 404, 415);
    }

    [Theory, InlineData("/streams?prefix=%00"), InlineData("/documents?ids=%00"), InlineData("/accounts/x/at/0")]
    public async Task What_a_result_is_asked_for_in_the_address_is_the_fault_of_the_client(string path)
    {
        await using var host = await StartAsync(static app =>
        {
            app.MapGet("/streams", static (string? prefix) => EventStoreResults.Streams(new StreamQuery { Prefix = prefix }));
            app.MapGet("/documents", static (string[] ids) => EventStoreResults.Documents<Customer>(ids));
            app.MapGet("/accounts/{id}/at/{version}", static (string id, long version) =>
                EventStoreResults.Aggregate<Account>(id, new StreamRange { To = version }));
        });

        using var response = await host.Client.GetAsync(path, Cancellation);

        ((int)response.StatusCode).ShouldBeLessThan(500);
    }

    private Task<WebHost> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? add = null) =>
        WebHost.StartAsync(bank, map, services =>
        {
            services.ConfigureHttpJsonOptions(static json =>
                json.SerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver()));
            add?.Invoke(services);
        });

    // A client of .NET sends no empty header.
    private static async Task<int> PostAsync(WebHost host, string path, string contentType, string body, string header = "X-None: 1")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        var stream = client.GetStream();
        var text = $"POST {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\nContent-Type: {contentType}\r\n{header}\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        using var answer = new StreamReader(stream);
        return int.Parse((await answer.ReadLineAsync(Cancellation))!.Split(' ')[1]);
    }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind"), JsonDerivedType(typeof(OpenTill), "open")]
public abstract record TillCommand;

public sealed record OpenTill(string Owner) : TillCommand;
