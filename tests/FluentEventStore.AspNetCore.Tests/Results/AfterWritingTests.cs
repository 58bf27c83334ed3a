using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>Results of units of work: read after the save.</summary>
public sealed class AfterWritingTests(ShopStore shop) : IClassFixture<ShopStore>
{
    [Theory]
    [InlineData("tills")]
    [InlineData("till-documents")]
    [InlineData("fills")]
    [InlineData("customers")]
    public async Task What_was_written_is_shown_with_the_tag_that_the_next_get_sends(string path)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        var created = await host.AskAsync($"/{path}/{id}", HttpMethod.Post);
        var shown = await host.AskAsync($"/{path}/{id}");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location.ShouldBe(new Uri($"/{path}/{id}", UriKind.Relative));
        created.TagOf().ShouldBe(shown.TagOf());
        (await created.TextOf()).ShouldBe(await shown.TextOf());
        (await host.AskAsync($"/{path}/{id}", null, ("If-None-Match", created.TagOf()))).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        var changed = await host.AskAsync($"/{path}/{id}", HttpMethod.Put, ("If-Match", created.TagOf()));
        var next = await host.AskAsync($"/{path}/{id}");

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        changed.TagOf().ShouldBe(next.TagOf());
        changed.TagOf().ShouldNotBe(created.TagOf());
        (await changed.TextOf()).ShouldBe(await next.TextOf());
    }

    [Theory]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-None-Match", "\"other\"")]
    [InlineData("If-Match", "\"other\"")]
    [InlineData("If-Match", "malformed")]
    public async Task What_a_client_expects_of_a_write_is_the_handlers_to_check(string name, string value)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        var created = await host.AskAsync($"/tills/{id}", HttpMethod.Post, (name, value));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await created.ReadAsync<Till>()).Amount.ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_that_is_not_saved_is_not_shown()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await host.AskAsync($"/tills/{id}", HttpMethod.Post);

        var again = await host.AskAsync($"/tills/{id}", HttpMethod.Post);

        again.Headers.Location.ShouldBeNull();
        again.Headers.Contains("ETag").ShouldBeFalse();
        (await again.ProblemOf()).ShouldBe("409 stream-exists");
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("broken")]
    public async Task A_client_whose_request_was_carried_out_is_told_so_if_its_outcome_cannot_be_shown(string path)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await host.AskAsync($"/tills/{id}", HttpMethod.Post);

        var response = await host.AskAsync($"/{path}/{id}", HttpMethod.Post);

        response.Headers.RetryAfter.ShouldBeNull();
        (await response.JsonOf()).GetProperty("outcome").GetString().ShouldBe("carried-out");
        (await response.ProblemOf()).ShouldBe("500 carried-out");
        (await shop.FetchAsync(id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_post_that_only_asks_is_answered_as_a_get()
    {
        await using var host = await StartAsync();

        (await (await host.AskAsync($"/searches/{Guid.NewGuid()}", HttpMethod.Post)).ProblemOf()).ShouldBe("404 document-not-found");
    }

    private Task<WebHost> StartAsync() => shop.StartAsync(Map, static services => services.AddFluentEventStoreWeb());

    private static void Map(WebApplication app)
    {
        MapTills(app, "tills", static id => EventStoreResults.Aggregate<Till>(id), static (shown, at) => shown.Created(at));
        MapTills(app, "till-documents", static id => EventStoreResults.Document<Till>(id), static (shown, at) => shown.Created(at));
        app.MapGet("/fills/{id}", static (Guid id) => EventStoreResults.Aggregate<Fill>(id));
        app.MapPost("/fills/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new TillFilled(1));
            return EventStoreResults.Aggregate<Fill>(id).Created($"/fills/{id}");
        }).WithUnitOfWork();
        app.MapPut("/fills/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new TillFilled(2));
            return EventStoreResults.Aggregate<Fill>(id);
        }).WithUnitOfWork();
        app.MapGet("/customers/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
        app.MapPost("/customers/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Insert(new Customer { Id = id, Name = "Ada" });
            return EventStoreResults.Document<Customer>(id).Created($"/customers/{id}");
        }).WithUnitOfWork();
        app.MapPut("/customers/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Update(new Customer { Id = id, Name = "Bob" });
            return EventStoreResults.Document<Customer>(id);
        }).WithUnitOfWork();
        app.MapPost("/closed/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new TillClosed());
            return EventStoreResults.Aggregate<Till>(id);
        }).WithUnitOfWork();
        app.MapPost("/broken/{id}", static async (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new TillFilled(1));
            await session.SaveChangesAsync();
            return EventStoreResults.Document<Deposit>(id);
        });
        app.MapPost("/searches/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
    }

    private static void MapTills<TResult>(
        WebApplication app, string path, Func<Guid, TResult> show, Func<TResult, string, IResult> created)
        where TResult : IResult
    {
        app.MapGet($"/{path}/{{id}}", (Guid id) => show(id));
        app.MapPost($"/{path}/{{id}}", (Guid id, IDocumentSession session) =>
        {
            session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(1));
            return created(show(id), $"/{path}/{id}");
        }).WithUnitOfWork();
        app.MapPut($"/{path}/{{id}}", (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new TillFilled(2));
            return show(id);
        }).WithUnitOfWork();
    }
}
