using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>What addresses ask for that there cannot be is the fault of the client.</summary>
public sealed class AddressTests(ShopStore shop) : IClassFixture<ShopStore>
{
    public static TheoryData<string> NoStreams => ["a%0Ab", "%7F", "LONG", "00000000-0000-0000-0000-000000000000"];

    [Theory, MemberData(nameof(NoStreams))]
    public async Task An_id_that_no_stream_has_is_answered_with_400(string id)
    {
        await using var host = await StartAsync();

        foreach (var path in (string[])["stream", "events", "page", "live", "aggregate", "past"])
            (await AskAsync(host, $"/{path}/{id}")).ShouldBe("400 bad-request", path);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("events")]
    [InlineData("page")]
    [InlineData("live")]
    [InlineData("aggregate")]
    [InlineData("past")]
    public async Task So_is_the_empty_guid(string path)
    {
        await using var host = await StartAsync();

        (await AskAsync(host, $"/guids/{path}/{Guid.Empty}")).ShouldBe("400 bad-request");
        (await AskAsync(host, $"/guids/{path}/{Guid.NewGuid()}")).ShouldBe("404 stream-not-found");
    }

    [Theory]
    [InlineData("/notes?ids=%00")]
    [InlineData("/notes?ids=")]
    [InlineData("/notes?ids=a&ids=LONG")]
    [InlineData("/notes/LONG")]
    public async Task An_id_that_no_document_has_is_answered_with_400(string path)
    {
        await using var host = await StartAsync();

        (await AskAsync(host, path)).ShouldBe("400 bad-request");
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("99999999999999999999"), InlineData("one"), InlineData("1&until=never")]
    public async Task A_version_that_no_stream_has_is_answered_with_400(string version)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.AppendAsync(id, new TillOpened(id, "Ada"));

        ((int)(await host.AskAsync($"/versions/{id}?version={version}")).StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_client_says_which_state_it_wants()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.AppendAsync(id, new TillOpened(id, "Ada"), new TillFilled(1), new TillFilled(2));

        foreach (var (query, amount) in ((string, decimal)[])[("", 3), ("?version=2", 1), ("?version=9", 3), ("?until=2999-01-01", 3)])
            (await (await host.AskAsync($"/versions/{id}{query}")).ReadAsync<Till>()).Amount.ShouldBe(amount, query);

        (await (await host.AskAsync($"/versions/{id}?until=1999-01-01")).ProblemOf()).ShouldBe("404 aggregate-not-found");
    }

    [Theory, MemberData(nameof(NoStreams))]
    public async Task A_handler_takes_the_id_of_a_stream_and_is_not_called_with_another(string id)
    {
        await using var host = await StartAsync();
        var text = $"{Guid.NewGuid()} of ä😀";

        (await host.AskAsync($"/moves/{Uri.EscapeDataString(text)}", HttpMethod.Post)).EnsureSuccessStatusCode();
        ((int)(await host.AskAsync($"/moves/{Long(id)}", HttpMethod.Post)).StatusCode).ShouldBe(400);

        (await shop.FetchAsync(text)).Count.ShouldBe(1);
    }

    private static string Long(string path) => path.Replace("LONG", new string('a', 501), StringComparison.Ordinal);

    private static async Task<string> AskAsync(WebHost host, string path)
    {
        using var response = await host.AskAsync(Long(path));
        return await response.ProblemOf();
    }

    private Task<WebHost> StartAsync() => shop.StartAsync(static app =>
    {
        app.MapGet("/stream/{id}", static (string id) => EventStoreResults.Stream(id));
        app.MapGet("/events/{id}", static (string id) => EventStoreResults.Events(id));
        app.MapGet("/page/{id}", static (string id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query));
        app.MapGet("/live/{id}", static (string id) => EventStoreResults.FollowStream(id));
        app.MapGet("/aggregate/{id}", static (string id) => EventStoreResults.Aggregate<Till>(id));
        app.MapGet("/past/{id}", static (string id) => EventStoreResults.Aggregate<Till>(id, new StreamRange { To = 1 }));
        app.MapGet("/guids/stream/{id}", static (Guid id) => EventStoreResults.Stream(id));
        app.MapGet("/guids/events/{id}", static (Guid id) => EventStoreResults.Events(id));
        app.MapGet("/guids/page/{id}", static (Guid id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query));
        app.MapGet("/guids/live/{id}", static (Guid id) => EventStoreResults.FollowStream(id));
        app.MapGet("/guids/aggregate/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id));
        app.MapGet("/guids/past/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id, new StreamRange { To = 1 }));
        app.MapGet("/versions/{id}", static (Guid id, [AsParameters] AggregateQuery query) =>
            EventStoreResults.Aggregate<Till>(id, query));
        app.MapPost("/moves/{id}", static (StreamId id, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(1));
        }).WithUnitOfWork();
        app.MapGet("/notes", static (string[] ids) => EventStoreResults.Documents<Note>(ids));
        app.MapGet("/notes/{id}", static (string id) => EventStoreResults.Document<Note>(id));
    });
}
