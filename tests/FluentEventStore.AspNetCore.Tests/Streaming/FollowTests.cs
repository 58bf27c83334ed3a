using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Streaming;

/// <summary>What is sent to those who follow, each test in a store of its own.</summary>
public sealed class FollowTests(PostgresServer server) : IAsyncLifetime
{
    private readonly ShopStore _shop = new(server);

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("x", null)]
    [InlineData("-1", null)]
    [InlineData("1.0", null)]
    [InlineData("+1", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("1000", null)]
    [InlineData("end", null)]
    [InlineData(null, "x")]
    [InlineData(null, "-1")]
    [InlineData(null, "END")]
    [InlineData(null, "1000")]
    [InlineData(null, "1&after=2")]
    public async Task A_place_to_go_on_that_is_none_is_answered_with_400(string? lastEventId, string? after)
    {
        await using var host = await StartAsync();
        await FillAsync("a", 3);
        (string, string)[] headers = lastEventId is null ? [] : [("Last-Event-ID", lastEventId)];

        foreach (var path in (string[])["/streams/a", "/log"])
            (await (await host.AskAsync($"{path}?after={after}", null, headers)).ProblemOf()).ShouldBe("400 bad-request");
    }

    [Theory]
    [InlineData("nothing", "404 stream-not-found")]
    [InlineData("deleted", "404 stream-deleted")]
    [InlineData("tombstoned", "410 stream-tombstoned")]
    [InlineData("archived", "404 stream-archived")]
    public async Task A_stream_that_is_hidden_is_not_followed(string fate, string problem)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await Fates.MeetAsync(_shop, id, fate);

        (await (await host.AskAsync($"/streams/{id}")).ProblemOf()).ShouldBe(problem);
    }

    [Fact]
    public async Task What_is_there_is_sent_and_then_what_comes()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 2);
        await FillAsync("b", 1);
        using var source = await EventSource.ConnectAsync(host, "/streams/a");
        var first = await source.TakeAsync(2);

        await FillAsync("b", 1);
        await FillAsync("a", 1);
        var third = (await source.NextAsync())!;

        source.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var recorded = await _shop.FetchAsync("a");
        first.Append(third).Select(static message => message.Id).ShouldBe(recorded.Select(static e => $"{e.Position}"));
        third.Type.ShouldBe("till-filled");
        var shown = JsonSerializer.Deserialize<EventAnswer>(third.Data!, JsonSerializerOptions.Web)!;
        (shown.Id, shown.Version, shown.StreamId, shown.Position).ShouldBe((recorded[2].Id, 3, "a", recorded[2].Position));
        shown.Data.GetProperty("amount").GetDecimal().ShouldBe(1);
    }

    [Fact]
    public async Task It_goes_on_after_the_last_event_rather_than_where_it_was_first_asked_to()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 5);
        var positions = (await _shop.FetchAsync("a")).Select(static e => e.Position).ToArray();

        using var after = await EventSource.ConnectAsync(host, $"/log?after={positions[2]}");
        (await after.TakeAsync(2)).Select(static message => message.Id).ShouldBe([$"{positions[3]}", $"{positions[4]}"]);
        using var again = await EventSource.ConnectAsync(host, "/log?after=0", ("Last-Event-ID", $"{positions[3]}"));
        (await again.NextAsync())!.Id.ShouldBe($"{positions[4]}");
    }

    [Fact]
    public async Task From_the_end_only_what_comes_is_sent_also_to_a_client_that_lost_its_connection_before_the_first_event()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 2);
        string? lastEventId;
        using (var source = await EventSource.ConnectAsync(host, "/log?after=end"))
        {
            (await source.NextMessageAsync())!.IsComment.ShouldBeTrue();
            lastEventId = source.LastEventId.ShouldNotBeNull();
        }

        await FillAsync("a", 1);
        using var again = await EventSource.ConnectAsync(host, "/log?after=end", ("Last-Event-ID", lastEventId));

        (await again.NextAsync())!.Id.ShouldBe($"{(await _shop.FetchAsync("a"))[2].Position}");
    }

    [Fact]
    public async Task Whatever_a_filter_says_only_events_of_the_requests_tenant_are_sent_and_the_filter_stays_as_it_is()
    {
        var filter = new EventFilter().OfAnyTenant().OfTenants("umbrella").OfType<TillFilled>();
        await using var host = await _shop.StartForTenantsAsync(app => app.MapGet("/log", () => EventStoreResults.FollowLog(filter)));
        var said = filter.ToString();
        await FillAsync("a", 1, "umbrella");
        await _shop.SaveAsync(static session => session.Events.Append("a", new TillOpened(Guid.NewGuid(), "Ada")), "acme");
        await FillAsync("a", 2, "acme");
        await FillAsync("a", 1, "umbrella");
        await FillAsync("a", 1, "acme");

        using var source = await EventSource.ConnectAsync(host, "/log", ("X-Tenant", "acme"));
        using var other = await EventSource.ConnectAsync(host, "/log", ("X-Tenant", "umbrella"));

        (await source.TakeAsync(3)).Select(static message => TenantOf(message)).ShouldAllBe(static tenant => tenant == "acme");
        (await other.TakeAsync(2)).Select(static message => TenantOf(message)).ShouldAllBe(static tenant => tenant == "umbrella");
        filter.ToString().ShouldBe(said);
    }

    [Fact]
    public async Task Events_of_hidden_streams_are_not_sent_unless_the_filter_includes_them()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 1);
        await FillAsync("gone", 1);
        await FillAsync("b", 1);
        await _shop.SaveAsync(static session => session.Events.DeleteStream("gone"));

        using var active = await EventSource.ConnectAsync(host, "/log");
        using var all = await EventSource.ConnectAsync(host, "/all");

        (await active.TakeAsync(2)).Select(static message => StreamOf(message)).ShouldBe(["a", "b"]);
        (await all.TakeAsync(3)).Select(static message => StreamOf(message)).ShouldBe(["a", "gone", "b"]);
    }

    [Fact]
    public async Task Without_news_a_sign_of_life_is_sent_that_tells_how_far_the_log_was_read_in_vain()
    {
        await using var host = await StartAsync(heartbeat: TimeSpan.FromMilliseconds(20));
        await FillAsync("a", 1);
        await FillAsync("b", 3);
        var end = (await _shop.FetchAsync("b"))[2].Position;
        using var source = await EventSource.ConnectAsync(host, "/streams/a");
        await source.TakeAsync(1);

        while (source.LastEventId != $"{end}")
        {
            var message = (await source.NextMessageAsync())!;
            (message.IsComment, message.Data).ShouldBe((true, null));
        }

        // Who goes on from there misses nothing.
        await FillAsync("a", 1);
        using var again = await EventSource.ConnectAsync(host, "/streams/a", ("Last-Event-ID", source.LastEventId!));
        (await again.NextAsync())!.Id.ShouldBe((await source.NextAsync())!.Id);
    }

    [Fact]
    public async Task Before_an_event_that_cannot_be_read_it_ends_and_after_it_it_can_go_on()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 4);
        var positions = (await _shop.FetchAsync("a")).Select(static e => e.Position).ToArray();
        await _shop.TamperAsync($"update {{schema}}.events set type = 'gone' where position = {positions[2]}");

        foreach (var path in (string[])["/streams/a", "/log"])
        {
            using var source = await EventSource.ConnectAsync(host, path);
            (await source.TakeAsync(2)).Select(static message => message.Id).ShouldBe([$"{positions[0]}", $"{positions[1]}"]);
            (await source.NextAsync()).ShouldBeNull();

            var again = await host.AskAsync(path, null, ("Last-Event-ID", source.LastEventId!));
            again.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            using var behind = await EventSource.ConnectAsync(host, $"{path}?after={positions[2]}");
            (await behind.NextAsync())!.Id.ShouldBe($"{positions[3]}");
        }
    }

    [Fact]
    public async Task Personal_data_is_sent_in_plain_text_until_it_is_forgotten()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await _shop.SaveAsync(session => session.Events.Append("a", new GuestArrived(id, "Ada")));
        using var before = await EventSource.ConnectAsync(host, "/streams/a");
        (await before.NextAsync())!.Data!.ShouldContain("\"name\":\"Ada\"");
        (await host.Services.GetRequiredService<IEventStore>().Privacy.ForgetAsync(id, TestContext.Current.CancellationToken))
            .Outcome.ShouldBe(ForgetOutcome.Forgotten);

        using var after = await EventSource.ConnectAsync(host, "/streams/a");
        (await after.NextAsync())!.Data!.ShouldContain("\"name\":\"(forgotten)\"");
    }

    [Fact]
    public async Task Head_answers_with_the_headers_and_ends()
    {
        await using var host = await StartAsync();
        await FillAsync("a", 1);

        var head = await host.AskAsync("/streams/a", HttpMethod.Head);

        head.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        (await head.TextOf()).ShouldBeEmpty();
    }

    private static string? TenantOf(EventSource.Message message) => Read(message).TenantId;

    private static string StreamOf(EventSource.Message message) => Read(message).StreamId;

    private static EventAnswer Read(EventSource.Message message) =>
        JsonSerializer.Deserialize<EventAnswer>(message.Data!, JsonSerializerOptions.Web)!;

    private Task<Commit> FillAsync(string streamId, int count, TenantId tenantId = default) => _shop.SaveAsync(
        session => session.Events.Append(streamId, Enumerable.Range(0, count).Select(static _ => new TillFilled(1))), tenantId);

    private Task<WebHost> StartAsync(TimeSpan? heartbeat = null) => _shop.StartAsync(
        static app =>
        {
            app.MapMethods("/streams/{id}", ["GET", "HEAD"], static (string id) => EventStoreResults.FollowStream(id));
            app.MapGet("/log", static () => EventStoreResults.FollowLog());
            app.MapGet("/all", static () => EventStoreResults.FollowLog(new EventFilter().IncludeDeleted()));
        },
        services => services.AddFluentEventStoreWeb(web => web.Heartbeat = heartbeat ?? web.Heartbeat));
}
