using System.Net;
using System.Text.Json.Serialization.Metadata;
using FluentEventStore.AspNetCore.Tests.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>A client that says what it expects is taken neither for one that expects nothing nor for one that expects another.</summary>
public sealed class PreconditionTests(ShopStore shop) : IClassFixture<ShopStore>
{
    [Theory]
    [InlineData("If-Match:")]
    [InlineData("If-Match: ")]
    [InlineData("If-Match: ,")]
    [InlineData("If-None-Match:")]
    [InlineData("If-None-Match: , ,")]
    [InlineData("If-Match:\r\nIf-Match:")]
    public async Task A_header_without_a_tag_lets_nothing_through(string header)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.AppendAsync(id, new AccountOpened("Ada"), new MoneyMoved(100));

        (await host.SendRawAsync("POST", $"/{id}/withdrawals", header, """{"amount":5}""")).ShouldBe(400);
        (await host.SendRawAsync("POST", $"/{id}/moves", header)).ShouldBe(400);
        (await host.SendRawAsync("GET", $"/streams/{id}", header)).ShouldBe(400);

        (await shop.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"a\",")]
    [InlineData(", \"a\"")]
    [InlineData("\"a\"\r\nIf-None-Match: \"b\"")]
    public async Task Gaps_in_a_list_of_tags_are_none(string tags)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.AppendAsync(id, new MoneyMoved(1));

        (await host.SendRawAsync("POST", $"/{id}/moves", $"If-None-Match: {tags}")).ShouldBe(200);
    }

    [Fact]
    public async Task Only_what_is_rendered_from_a_state_may_have_something_behind_the_state()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Store(new Customer { Id = id, Name = "Ada" }));
        var tag = (await host.AskAsync($"/customers/{id}")).TagOf();

        foreach (var (expected, status) in ((string, HttpStatusCode)[])
            [(tag, HttpStatusCode.OK), ($"{tag[..^1]}~junk\"", HttpStatusCode.PreconditionFailed)])
        {
            (await host.AskAsync($"/customers/{id}", null, ("If-Match", expected))).StatusCode.ShouldBe(status);
            (await host.AskAsync($"/customers/{id}", HttpMethod.Put, ("If-Match", expected))).StatusCode.ShouldBe(status);
        }
    }

    private Task<WebHost> StartAsync() => shop.StartAsync(
        static app =>
        {
            app.MapCommand<TillState, Withdraw>("/{id}/withdrawals", Commands.Till.Decider);
            app.MapPost("/{id}/moves", static async (Guid id, IDocumentSession session, Preconditions preconditions) =>
            {
                var state = await session.Events.FetchStreamStateAsync(id);
                preconditions.CheckStream(session.TenantId, id, state!.StoredVersion);
                session.Events.Append(id, new MoneyMoved(1));
            }).WithUnitOfWork();
            app.MapGet("/streams/{id}", static (Guid id) => EventStoreResults.Stream(id));
            app.MapGet("/customers/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
            app.MapPut("/customers/{id}", static async (Guid id, IDocumentSession session, Preconditions preconditions) =>
                preconditions.CheckDocument<Customer>(
                    session.TenantId, id, (await session.LoadVersionedAsync<Customer>(id))?.Version)).WithUnitOfWork();
        },
        static services => services.ConfigureHttpJsonOptions(static json =>
            json.SerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver())));
}
