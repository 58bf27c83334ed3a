using Microsoft.AspNetCore.Http;
using System.Net;
using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore.Tests;

public sealed class StreamResultTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_is_not_there_is_answered_with_404()
    {
        await using var host = await StartAsync();

        (await (await host.AskAsync($"/streams/{Guid.NewGuid()}")).ProblemOf()).ShouldBe("404 stream-not-found");
    }

    [Theory]
    [InlineData("archived", true, false, false)]
    [InlineData("deleted", false, true, false)]
    [InlineData("tombstoned", false, true, true)]
    public async Task Its_state_is_shown_whatever_became_of_it_and_has_a_tag_of_its_own(
        string fate, bool isArchived, bool isDeleted, bool isTombstoned)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada")));
        var before = await host.AskAsync($"/streams/{id}");
        var state = await before.ReadAsync<StreamAnswer>();
        (state.StreamId, state.Version, state.AggregateType, state.TruncatedBefore).ShouldBe(($"{id}", 1, "till", 1));
        (state.IsArchived, state.IsDeleted, state.IsTombstoned).ShouldBe((false, false, false));
        await Fates.EndAsync(shop, id, fate);

        var after = await host.AskAsync($"/streams/{id}", null, ("If-None-Match", before.TagOf()));

        var ended = await after.ReadAsync<StreamAnswer>();
        (ended.IsArchived, ended.IsDeleted, ended.IsTombstoned).ShouldBe((isArchived, isDeleted, isTombstoned));
        after.TagOf().ShouldNotBe(before.TagOf());
        await using var session = shop.Store.OpenQuerySession();
        var stored = await session.Events.FetchStreamStateAsync(id, Cancellation);
        (ended.Created, ended.LastAppended).ShouldBe((stored!.Created, stored.LastAppended));
    }

    [Fact]
    public async Task A_page_of_streams_tells_how_many_there_are_of_the_requests_tenant_alone()
    {
        await using var host = await shop.StartForTenantsAsync(static app => app.MapGet(
            "/streams", static (string prefix, int page) => EventStoreResults.Streams(
                new StreamQuery { Prefix = prefix, PageNumber = page, PageSize = 2 })));
        var prefix = $"{Guid.NewGuid():N}-";
        foreach (var tenant in (string[])["acme", "umbrella"])
        {
            await shop.SaveAsync(
                session =>
                {
                    foreach (var number in Enumerable.Range(1, tenant == "acme" ? 3 : 1))
                        session.Events.Append($"{prefix}{number}", new MoneyMoved(1));
                },
                tenant);
        }

        var second = await host.AskAsync($"/streams?prefix={prefix}&page=2", null, ("X-Tenant", "acme"));

        var page = await second.ReadAsync<StreamPageAnswer>();
        page.Streams.ShouldHaveSingleItem().StreamId.ShouldBe($"{prefix}3");
        (page.TotalCount, page.PageNumber, page.PageSize, page.PageCount).ShouldBe((3, 2, 2, 2));
        await shop.SaveAsync(session => session.Events.Append($"{prefix}3", new MoneyMoved(1)), "acme");
        (await host.AskAsync($"/streams?prefix={prefix}&page=2", null, ("X-Tenant", "acme"), ("If-None-Match", second.TagOf())))
            .StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", new[] { "a1", "a2", "b1" })]
    [InlineData("&prefix=a", new[] { "a1", "a2" })]
    [InlineData("&search=1", new[] { "a1", "b1" })]
    [InlineData("&sortBy=id&descending=true", new[] { "b1", "a2", "a1" })]
    [InlineData("&sortBy=LastAppended", new[] { "b1", "a2", "a1" })]
    [InlineData("&page=2&pageSize=2", new[] { "b1" })]
    [InlineData("&page=9", new string[0])]
    [InlineData("&aggregateType=unknown", new string[0])]
    public async Task A_client_says_which_page_of_streams_it_wants(string query, string[] expected)
    {
        await using var host = await StartForClientsAsync();
        var tenant = $"{Guid.NewGuid():N}";
        foreach (var id in (string[])["b1", "a2", "a1"])
            await shop.SaveAsync(session => session.Events.Append(id, new MoneyMoved(1)), tenant);

        var answer = await host.AskAsync($"/streams?{query}", null, ("X-Tenant", tenant));

        (await answer.ReadAsync<StreamPageAnswer>()).Streams.Select(static stream => stream.StreamId).ShouldBe(expected);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=99999999999")]
    [InlineData("page=two")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=1001")]
    [InlineData("sortBy=age")]
    [InlineData("sortBy=1")]
    [InlineData("descending=perhaps")]
    [InlineData("prefix=%00")]
    public async Task A_wrong_page_of_streams_is_answered_with_400(string query)
    {
        await using var host = await StartForClientsAsync();

        (await host.AskAsync($"/streams?{query}", null, ("X-Tenant", "acme"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private Task<WebHost> StartForClientsAsync() => shop.StartForTenantsAsync(static app =>
        app.MapGet("/streams", static ([AsParameters] StreamsQuery query) => EventStoreResults.Streams(query)));

    private Task<WebHost> StartAsync() =>
        shop.StartAsync(static app => app.MapGet("/streams/{id}", static (Guid id) => EventStoreResults.Stream(id)));
}
