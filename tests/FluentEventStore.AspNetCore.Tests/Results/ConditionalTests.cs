using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>What the headers of requests mean for every result, with the same rules.</summary>
public sealed class ConditionalTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    public static TheoryData<string> Paths => ["document", "snapshot", "documents", "aggregate", "past", "stream", "streams", "events"];

    [Theory, MemberData(nameof(Paths))]
    public async Task A_client_that_has_the_answer_gets_304_without_it(string path)
    {
        await using var host = await StartAsync();
        var id = await FillAsync();
        var first = await host.AskAsync($"/{path}/{id}");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        var tag = first.TagOf();
        tag.ShouldMatch("^\"[^\"]+\"$");

        foreach (var known in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", $"\"a\", W/{tag}, \"b\"", "*"])
        {
            var second = await host.AskAsync($"/{path}/{id}", null, ("If-None-Match", known));
            second.StatusCode.ShouldBe(HttpStatusCode.NotModified, known);
            second.TagOf().ShouldBe(tag);
            second.Headers.CacheControl!.ToString().ShouldBe("no-cache");
            (await second.TextOf()).ShouldBeEmpty();
        }

        foreach (var other in (string[])["\"other\"", "W/\"other\"", $"\"x{tag.Trim('"')}\"", $"\"{tag.Trim('"')}x\""])
            (await host.AskAsync($"/{path}/{id}", null, ("If-None-Match", other))).StatusCode.ShouldBe(HttpStatusCode.OK, other);
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Head_answers_with_the_headers_of_get_alone(string path)
    {
        await using var host = await StartAsync();
        var id = await FillAsync();
        var get = await host.AskAsync($"/{path}/{id}");
        var body = await get.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        body.ShouldNotBeEmpty();
        get.Content.Headers.ContentLength.ShouldBe(body.Length);

        var head = await host.AskAsync($"/{path}/{id}", HttpMethod.Head);

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await head.TextOf()).ShouldBeEmpty();
        head.Content.Headers.ContentLength.ShouldBe(body.Length);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.TagOf().ShouldBe(get.TagOf());
        (await host.AskAsync($"/{path}/{id}", HttpMethod.Head, ("If-None-Match", get.TagOf()))).StatusCode.ShouldBe(
            HttpStatusCode.NotModified);
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task A_client_that_expects_another_state_gets_412(string path)
    {
        await using var host = await StartAsync();
        var id = await FillAsync();
        var tag = (await host.AskAsync($"/{path}/{id}")).TagOf();

        (await host.AskAsync($"/{path}/{id}", null, ("If-Match", tag))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.AskAsync($"/{path}/{id}", null, ("If-Match", "*"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var other in (string[])["\"other\"", $"W/{tag}"])
        {
            var refused = await host.AskAsync($"/{path}/{id}", null, ("If-Match", other), ("If-None-Match", tag));
            (await refused.ProblemOf()).ShouldBe("412 precondition-failed", other);
            refused.Headers.Contains("ETag").ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("If-None-Match", "5")]
    [InlineData("If-None-Match", "\"a")]
    [InlineData("If-None-Match", "*, \"a\"")]
    [InlineData("If-Match", "\"a\" \"b\"")]
    public async Task A_malformed_header_is_answered_with_400(string name, string value)
    {
        await using var host = await StartAsync();
        var id = await FillAsync();

        foreach (var path in Paths)
            (await (await host.AskAsync($"/{path.Data}/{id}", null, (name, value))).ProblemOf()).ShouldBe("400 bad-request", path.Data);
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Tenants_have_tags_of_their_own_and_caches_are_told_what_the_answer_depends_on(string path)
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        foreach (var tenant in (string[])["acme", "umbrella"])
            await FillAsync(id, tenant);

        var acme = await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "acme"));
        var umbrella = await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "umbrella"));
        var nobody = await host.AskAsync($"/{path}/{Guid.NewGuid()}", null, ("X-Tenant", "umbrella"));

        acme.StatusCode.ShouldBe(HttpStatusCode.OK);
        acme.TagOf().ShouldNotBe(umbrella.TagOf());
        acme.Headers.Vary.ShouldBe(["X-Tenant"]);
        nobody.Headers.Vary.ShouldBe(["X-Tenant"]);
        nobody.Headers.CacheControl!.NoCache.ShouldBeTrue();
        (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "umbrella"), ("If-None-Match", acme.TagOf()))).StatusCode.ShouldBe(
            HttpStatusCode.OK);
        var same = await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "acme"), ("If-None-Match", acme.TagOf()));
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        same.Headers.Vary.ShouldBe(["X-Tenant"]);
    }

    [Fact]
    public async Task An_empty_list_of_two_tenants_is_two_answers()
    {
        await using var host = await StartAsync();

        var one = await host.AskAsync($"/documents/{Guid.NewGuid()}", null, ("X-Tenant", "none"));
        var two = await host.AskAsync($"/documents/{Guid.NewGuid()}", null, ("X-Tenant", "neither"));

        (await one.TextOf()).ShouldBe("[]");
        one.TagOf().ShouldNotBe(two.TagOf());
    }

    [Fact]
    public async Task What_the_application_says_to_caches_stays()
    {
        await using var host = await shop.StartForTenantsAsync(static app => app.MapGet("/{id}", static (Guid id, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "private, max-age=5";
            context.Response.Headers.Vary = "Accept, x-tenant";
            return EventStoreResults.Document<Customer>(id);
        }));

        var response = await host.AskAsync($"/{await FillAsync()}", null, ("X-Tenant", "acme"));

        (response.Headers.CacheControl!.Private, response.Headers.CacheControl.NoCache).ShouldBe((true, false));
        response.Headers.Vary.ShouldBe(["Accept", "x-tenant"]);
    }

    private async Task<Guid> FillAsync() => await FillAsync(Guid.NewGuid(), "acme");

    private async Task<Guid> FillAsync(Guid id, string tenant)
    {
        await shop.SaveAsync(
            session =>
            {
                session.Store(new Customer { Id = id, Name = "Ada" });
                session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"), new TillFilled(5));
            },
            tenant);
        return id;
    }

    private async Task<WebHost> StartAsync()
    {
        var host = await shop.StartForTenantsAsync(static app =>
        {
            app.MapMethods("/document/{id}", GetAndHead, static (Guid id) => EventStoreResults.Document<Customer>(id));
            app.MapMethods("/snapshot/{id}", GetAndHead, static (Guid id) => EventStoreResults.Document<Till>(id));
            app.MapMethods("/documents/{id}", GetAndHead, static (Guid id) => EventStoreResults.Documents<Customer>([id]));
            app.MapMethods("/aggregate/{id}", GetAndHead, static (Guid id) => EventStoreResults.Aggregate<Till>(id));
            app.MapMethods(
                "/past/{id}", GetAndHead, static (Guid id) => EventStoreResults.Aggregate<Till>(id, new StreamRange { To = 1 }));
            app.MapMethods("/stream/{id}", GetAndHead, static (Guid id) => EventStoreResults.Stream(id));
            app.MapMethods(
                "/streams/{id}", GetAndHead, static (string id) => EventStoreResults.Streams(new StreamQuery { Prefix = id }));
            app.MapMethods("/events/{id}", GetAndHead, static (Guid id) => EventStoreResults.Events(id));
        });

        // A request may name another.
        host.Client.DefaultRequestHeaders.Add("X-Tenant", "acme");
        return host;
    }
}
