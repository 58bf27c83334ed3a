using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>What results answer that cannot be read, at endpoints that have nothing else of the store.</summary>
public sealed class ResultFailureTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static readonly string[] Paths =
        ["document", "documents", "aggregate", "stream", "streams", "events", "follow", "follow-log"];

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_a_problem_that_passes()
    {
        await using var proxy = new PostgresTests.TcpProxy(shop.ConnectionString);
        await using var host = await WebHost.StartAsync(
            shop,
            Map,
            configure: options =>
            {
                ShopStore.ConfigureStore(options);
                options.Connection($"{proxy.ConnectionString};Pooling=false");
            });
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, "filled");
        foreach (var path in Paths)
        {
            proxy.BreakNext(PostgresTests.TcpProxy.Break.BeforeTheServerGetsIt);
            var response = await host.AskAsync($"/{path}/{id}");

            response.Headers.RetryAfter.ShouldNotBeNull(path);
            (await response.ProblemOf()).ShouldBe("503 database-unreachable", path);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tenant_that_is_not_there_is_a_problem_also_where_finding_it_takes_a_wait(bool waits)
    {
        await using var host = await shop.StartAsync(Map, services => services
            .AddFluentEventStoreWeb(static web => web.TenantFromHeader("X-Tenant"))
            .AddSingleton<ITenantResolver>(new Resolver(waits)));
        var id = Guid.NewGuid();
        await shop.SaveAsync(
            session =>
            {
                session.Events.StartStream<Till>(id, new TillOpened(id, "Ada"));
                session.Store(new Customer { Id = id, Name = "Ada" });
            },
            "known");

        foreach (var path in Paths)
        {
            (await (await host.AskAsync($"/{path}/{id}")).ProblemOf()).ShouldBe("400 tenant-missing", path);
            (await (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "lost"))).ProblemOf()).ShouldBe("404 unknown-tenant", path);
            (await (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "closed"))).ProblemOf())
                .ShouldBe("403 tenant-disabled", path);
            if (!path.StartsWith("follow", StringComparison.Ordinal))
                (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", "known"))).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task A_store_with_a_key_is_read_where_it_is_named()
    {
        await using var host = await WebHost.StartAsync(
            shop,
            static app =>
            {
                app.MapGet("/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id).FromStore("other"));
                app.MapGet("/default/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id));
            },
            services => services.AddKeyedFluentEventStore("other", options =>
            {
                ShopStore.ConfigureStore(options);
                options.Connection(shop.ConnectionString).Schema = shop.Schema;
            }),
            static options => options.Schema = "elsewhere");
        var id = Guid.NewGuid();
        await Fates.MeetAsync(shop, id, "filled");

        (await host.AskAsync($"/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.AskAsync($"/default/{id}")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task What_the_application_says_of_an_exception_holds_for_results_too()
    {
        await using var host = await shop.StartAsync(Map, static services => services.AddFluentEventStoreWeb(
            static web => web.MapException<DocumentNotFoundException>(410, "Sold", "https://shop.example/sold")));

        var response = await host.AskAsync($"/document/{Guid.NewGuid()}");

        (await response.JsonOf()).GetProperty("title").GetString().ShouldBe("Sold");
        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task An_array_that_the_framework_streams_breaks_off_where_its_reading_fails()
    {
        await using var host = await shop.StartAsync(static app => app.MapGet("/{id}", static (string id, IQuerySession session) =>
            session.Events.ReadStreamAsync(id).Select(static @event => ((TillOpened)@event.Data).Clerk)));
        var (id, unread) = (Guid.NewGuid(), Guid.NewGuid());
        await shop.SaveAsync(session =>
        {
            session.Events.Append(id, Enumerable.Range(1, 200).Select(_ => new TillOpened(id, new string('x', 1000))));
            session.Events.Append(unread, new TillFilled(1));
        });
        await shop.TamperAsync($"update {{schema}}.events set type = 'gone' where position = {(await shop.FetchAsync(id))[199].Position}");

        using var response = await host.Client.GetAsync(
            new Uri($"/{id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // Before anything is sent, it is an error as any other.
        (await host.AskAsync($"/{unread}")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/document/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
        app.MapGet("/documents/{id}", static (Guid id) => EventStoreResults.Documents<Customer>([id]));
        app.MapGet("/aggregate/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id));
        app.MapGet("/stream/{id}", static (Guid id) => EventStoreResults.Stream(id));
        app.MapGet("/streams/{id}", static (string id) => EventStoreResults.Streams(new StreamQuery { Prefix = id }));
        app.MapGet("/events/{id}", static (Guid id) => EventStoreResults.Events(id));
        app.MapGet("/follow/{id}", static (Guid id) => EventStoreResults.FollowStream(id));
        app.MapGet("/follow-log/{id}", static (Guid id) => EventStoreResults.FollowLog());
    }

    private sealed class Resolver(bool waits) : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken)
        {
            if (waits)
                await Task.Yield();

            return name switch
            {
                "known" => TenantResolution.Of("known"),
                "closed" => TenantResolution.Disabled("closed"),
                _ => TenantResolution.Unknown,
            };
        }
    }
}
