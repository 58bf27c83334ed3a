using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests;

public sealed class AggregateResultTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing", "404 stream-not-found", "stream")]
    [InlineData("deleted", "404 stream-deleted", "stream")]
    [InlineData("tombstoned", "410 stream-tombstoned", "stream")]
    [InlineData("archived", "404 stream-archived", "stream")]
    [InlineData("closed", "404 aggregate-not-found", "stream aggregate")]
    public async Task An_aggregate_that_is_not_there_is_answered_as_its_stream_is(string fate, string problem, string members)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, fate);

        var response = await host.AskAsync($"/tills/{id}");

        var json = await response.JsonOf();
        members.Split(' ').ShouldAllBe(member => json.GetProperty(member).GetString() == (member == "stream" ? $"{id}" : "Till"));
        response.Headers.Contains("ETag").ShouldBeFalse();
        (await response.ProblemOf()).ShouldBe(problem);
    }

    [Fact]
    public async Task It_is_shown_as_it_was_at_a_version_and_at_a_time_with_tags_of_their_own()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(5)));
        await using var session = shop.Store.OpenQuerySession();
        var until = (await session.Events.FetchStreamStateAsync(id, Cancellation))!.LastAppended;
        await shop.SaveAsync(session => session.Events.Append(id, new TillFilled(7)));

        var now = await host.AskAsync($"/tills/{id}");
        var second = await host.AskAsync($"/tills/{id}?to=2");
        var then = await host.AskAsync($"/tills/{id}?until={Uri.EscapeDataString(until.ToString("O"))}");
        var first = await host.AskAsync($"/tills/{id}?to=1");

        (await now.ReadAsync<Till>()).Amount.ShouldBe(12);
        (await second.ReadAsync<Till>()).Amount.ShouldBe(5);
        (await then.ReadAsync<Till>()).Amount.ShouldBe(5);
        then.TagOf().ShouldBe(second.TagOf());
        new[] { now.TagOf(), second.TagOf(), first.TagOf() }.ShouldBeUnique();
        (await (await host.AskAsync($"/tills/{id}?until=1999-01-01")).ProblemOf()).ShouldBe("404 aggregate-not-found");
    }

    [Fact]
    public async Task One_without_an_id_is_written_by_the_options_of_the_application()
    {
        await using var host = await StartAsync(static services => services.ConfigureHttpJsonOptions(
            static json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper));
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.Append(id, new TillFilled(5), new TillFilled(2)));

        var response = await host.AskAsync($"/fills/{id}");

        (await response.TextOf()).ShouldBe("""{"COUNT":2,"AMOUNT":7}""");
        response.Content.Headers.ContentLength.ShouldBe(22);
    }

    [Fact]
    public async Task What_is_shown_differently_has_another_tag_of_the_same_state()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync(static services => services.ConfigureHttpJsonOptions(
            static json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper));
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.Append(id, new TillFilled(5)));

        var tags = new[] { (await one.AskAsync($"/fills/{id}")).TagOf(), (await other.AskAsync($"/fills/{id}")).TagOf() };

        tags.ShouldBeUnique();
        tags.Select(static tag => tag.Split('~')[0]).Distinct().Count().ShouldBe(1);
        (await one.AskAsync($"/fills/{id}", null, ("If-None-Match", tags[1]))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Once_its_personal_data_is_forgotten_it_has_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Guest>(id, new GuestArrived(id, "Ada")));
        var before = await host.AskAsync($"/guests/{id}");
        (await before.ReadAsync<Guest>()).Name.ShouldBe("Ada");
        (await host.Services.GetRequiredService<IEventStore>().Privacy.ForgetAsync(id, Cancellation)).Outcome.ShouldBe(
            ForgetOutcome.Forgotten);

        var after = await host.AskAsync($"/guests/{id}", null, ("If-None-Match", before.TagOf()));

        (await after.ReadAsync<Guest>()).Name.ShouldBe("(forgotten)");
        after.TagOf().ShouldNotBe(before.TagOf());
    }

    [Fact]
    public async Task A_stream_whose_past_is_rewritten_has_another_tag()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await shop.SaveAsync(session => session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(0)));
        var before = await host.AskAsync($"/tills/{id}");
        await shop.SaveAsync(session => session.Events.CompactStream(id, 2, new TillOpened(id, "Ada")));

        var after = await host.AskAsync($"/tills/{id}");

        (await after.TextOf()).ShouldBe(await before.TextOf());
        after.TagOf().ShouldNotBe(before.TagOf());
    }

    private Task<WebHost> StartAsync(Action<IServiceCollection>? add = null) => shop.StartAsync(
        static app =>
        {
            app.MapGet("/tills/{id}", static (Guid id, long? to, DateTimeOffset? until) => (to, until) == (null, null)
                ? EventStoreResults.Aggregate<Till>(id)
                : EventStoreResults.Aggregate<Till>(id, new StreamRange { To = to, Until = until }));
            app.MapGet("/fills/{id}", static (Guid id) => EventStoreResults.Aggregate<Fill>(id));
            app.MapGet("/guests/{id}", static (Guid id) => EventStoreResults.Aggregate<Guest>(id));
        },
        add);
}
