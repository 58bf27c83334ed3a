using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore.Tests;

public sealed class EventsResultTests(ShopStore shop) : IClassFixture<ShopStore>
{
    [Theory]
    [InlineData("cursor=x")]
    [InlineData("cursor=%21")]
    [InlineData("cursor=ZjA")]
    [InlineData("cursor=Zi0x")]
    [InlineData("cursor=eDE")]
    [InlineData("cursor=ZjEg")]
    [InlineData("cursor=Zjk5OTk5OTk5OTk5OTk5OTk5OTk5")]
    [InlineData("maxCount=0")]
    [InlineData("maxCount=1001")]
    [InlineData("maxCount=many")]
    [InlineData("from=0")]
    [InlineData("from=-1")]
    [InlineData("backwards=maybe")]
    public async Task A_query_that_is_wrong_is_answered_with_400(string query)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, "filled");

        (await host.AskAsync($"/{id}?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_cursor_that_is_wrong_is_told_as_a_problem()
    {
        await using var host = await StartAsync();

        (await (await host.AskAsync($"/{Guid.NewGuid()}?cursor=x")).ProblemOf()).ShouldBe("400 bad-request");
    }

    [Theory]
    [InlineData("nothing", "404 stream-not-found")]
    [InlineData("deleted", "404 stream-deleted")]
    [InlineData("tombstoned", "410 stream-tombstoned")]
    [InlineData("archived", "404 stream-archived")]
    public async Task Events_that_are_hidden_are_answered_as_their_stream_is(string fate, string problem)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, fate);

        (await (await host.AskAsync($"/{id}")).ProblemOf()).ShouldBe(problem);
        var all = await host.AskAsync($"/all/{id}");
        if (fate == "archived")
            (await all.ReadAsync<EventPageAnswer>()).Events.Count.ShouldBe(2);
        else
            (await all.ProblemOf()).ShouldBe(problem);

        // Beyond the end of what is there, a page is empty.
        if (fate == "archived")
            (await (await host.AskAsync($"/all/{id}?from=9")).ReadAsync<EventPageAnswer>()).ShouldSatisfyAllConditions(
                static page => page.Events.ShouldBeEmpty(), static page => page.Next.ShouldBeNull());
    }

    [Fact]
    public async Task An_event_is_shown_with_all_that_is_known_of_it()
    {
        await using var host = await shop.StartForTenantsAsync(static app => app.MapGet(
            "/{id}", static (Guid id) => EventStoreResults.Events(id)));
        var id = Guid.NewGuid();
        var commit = await shop.SaveAsync(
            session =>
            {
                (session.CorrelationId, session.CausationId, session.UserName) = ("trace", "span", "ada \"é\"");
                session.SetHeader("ip", "::1");
                session.Events.Append(id, new TillOpened(id, "Ada\n"));
            },
            "acme");

        var page = await (await host.AskAsync($"/{id}", null, ("X-Tenant", "acme"))).JsonOf();

        page.EnumerateObject().Select(static member => member.Name).ShouldBe(["events", "next"]);
        var shown = page.GetProperty("events")[0];
        shown.EnumerateObject().Select(static member => member.Name).ShouldBe(
            ["id", "position", "streamId", "version", "type", "typeVersion", "timestamp", "correlationId", "causationId", "userName",
             "headers", "tenantId", "data"]);
        var recorded = (await shop.FetchAsync(id, "acme")).Single();
        shown.GetProperty("id").GetGuid().ShouldBe(recorded.Id);
        shown.GetProperty("position").GetInt64().ShouldBe(commit.Position);
        shown.GetProperty("streamId").GetString().ShouldBe($"{id}");
        shown.GetProperty("version").GetInt64().ShouldBe(1);
        shown.GetProperty("type").GetString().ShouldBe("till-opened");
        shown.GetProperty("typeVersion").GetInt32().ShouldBe(1);
        shown.GetProperty("timestamp").GetDateTimeOffset().ShouldBe(recorded.Timestamp);
        shown.GetProperty("timestamp").GetString()!.ShouldEndWith("Z");
        shown.GetProperty("userName").GetString().ShouldBe("ada \"é\"");
        (shown.GetProperty("correlationId").GetString(), shown.GetProperty("causationId").GetString()).ShouldBe(("trace", "span"));
        shown.GetProperty("headers").GetProperty("ip").GetString().ShouldBe("::1");
        shown.GetProperty("tenantId").GetString().ShouldBe("acme");
        shown.GetProperty("data").GetRawText().ShouldBe($$"""{"tillId":"{{id}}","clerk":"Ada\n"}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_together_are_the_stream_while_others_append(bool isBackwards)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.Append(id, Enumerable.Range(1, 7).Select(static n => new TillFilled(n))));

        var seen = new List<long>();
        var query = isBackwards ? "maxCount=3&backwards=true" : "maxCount=3";
        for (string? next = null; ;)
        {
            var page = await (await host.AskAsync($"/{id}?{query}{(next is null ? "" : $"&cursor={next}")}")).ReadAsync<EventPageAnswer>();
            page.Events.Count.ShouldBeInRange(1, 3);
            seen.AddRange(page.Events.Select(static shown => shown.Version));
            if (seen.Count == 3)
                await shop.SaveAsync(session => session.Events.Append(id, new TillFilled(8)));

            if (page.Next is null)
                break;

            next = page.Next;
        }

        seen.ShouldBe(isBackwards ? [7, 6, 5, 4, 3, 2, 1] : [1, 2, 3, 4, 5, 6, 7, 8]);
        var middle = await (await host.AskAsync($"/{id}?from=4&maxCount=2{(isBackwards ? "&backwards=true" : "")}"))
            .ReadAsync<EventPageAnswer>();
        middle.Events.Select(static shown => shown.Version).ShouldBe(isBackwards ? [4, 3] : [4, 5]);
    }

    [Fact]
    public async Task A_page_of_large_events_ends_before_it_is_too_large()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        var clerk = new string('x', 1 << 20);
        await shop.SaveAsync(session => session.Events.Append(id, Enumerable.Range(1, 7).Select(_ => new TillOpened(id, clerk))));

        var first = await (await host.AskAsync($"/{id}")).ReadAsync<EventPageAnswer>();
        var second = await (await host.AskAsync($"/{id}?cursor={first.Next}")).ReadAsync<EventPageAnswer>();

        (first.Events.Count, second.Events.Count, second.Next).ShouldBe((4, 3, null));
    }

    [Fact]
    public async Task Events_of_other_streams_are_shown_with_the_link_that_leads_to_them_and_pages_go_on_by_links()
    {
        await using var host = await StartAsync();
        var (id, list) = (Guid.NewGuid(), Guid.NewGuid());
        await shop.SaveAsync(session => session.Events.Append(id, Enumerable.Range(1, 5).Select(static n => new TillFilled(n))));
        var events = await shop.FetchAsync(id);
        await shop.SaveAsync(session => session.Events.LinkTo(list, events.Skip(2)));

        var first = await (await host.AskAsync($"/{list}?maxCount=2")).ReadAsync<EventPageAnswer>();
        var second = await (await host.AskAsync($"/{list}?maxCount=2&cursor={first.Next}")).ReadAsync<EventPageAnswer>();

        first.Events.Concat(second.Events).Select(static shown => (shown.StreamId, shown.Version, shown.Link!.StreamId, shown.Link.Version))
            .ShouldBe([($"{id}", 3, $"{list}", 1), ($"{id}", 4, $"{list}", 2), ($"{id}", 5, $"{list}", 3)]);
    }

    [Fact]
    public async Task A_page_with_an_event_that_cannot_be_read_is_no_answer()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.Append(id, Enumerable.Range(1, 5).Select(static n => new TillFilled(n))));
        await shop.TamperAsync($"update {{schema}}.events set type = 'gone' where position = {(await shop.FetchAsync(id))[3].Position}");

        var broken = await host.AskAsync($"/{id}");

        broken.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        broken.Headers.Contains("ETag").ShouldBeFalse();
        (await broken.TextOf()).ShouldNotContain("till-filled");
        (await (await host.AskAsync($"/{id}?maxCount=2")).ReadAsync<EventPageAnswer>()).Events.Count.ShouldBe(2);
        (await (await host.AskAsync($"/{id}?from=5")).ReadAsync<EventPageAnswer>()).Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Forgotten_personal_data_is_shown_as_its_replacement_with_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.Append(id, new GuestArrived(id, "Ada")));
        var before = await host.AskAsync($"/{id}");
        (await before.TextOf()).ShouldContain("\"name\":\"Ada\"");
        (await ((EventStore)host.Services.GetService(typeof(IEventStore))!).Privacy.ForgetAsync(
            id, TestContext.Current.CancellationToken)).Outcome.ShouldBe(ForgetOutcome.Forgotten);

        var after = await host.AskAsync($"/{id}", null, ("If-None-Match", before.TagOf()));

        (await after.TextOf()).ShouldContain("\"name\":\"(forgotten)\"");
    }

    [Fact]
    public void Cursors_come_back_as_they_went()
    {
        foreach (var cursor in (EventCursor[])[new(1, false), new(long.MaxValue, true), new(42, true)])
            EventCursor.Find(cursor.ToString()).ShouldBe(cursor);

        EventCursor.Find(Convert.ToBase64String(Encoding.UTF8.GetBytes("f007"))).ShouldBe(new EventCursor(7, false));
    }

    private Task<WebHost> StartAsync() => shop.StartAsync(static app =>
    {
        app.MapGet("/{id}", static (Guid id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query));
        app.MapGet(
            "/all/{id}", static (Guid id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query).IncludeArchived());
    });
}
