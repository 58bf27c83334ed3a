using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FluentEventStore.AspNetCore.Tests;

public sealed class MetadataTests(ShopStore shop) : IClassFixture<ShopStore>
{
    [Fact]
    public async Task An_endpoint_says_what_it_answers()
    {
        await using var host = await shop.StartAsync(static app =>
        {
            app.MapGet("/document", static () => EventStoreResults.Document<Customer>(Guid.NewGuid()));
            app.MapGet("/documents", static () => EventStoreResults.Documents<Customer>(Array.Empty<Guid>()));
            app.MapGet("/aggregate", static () => EventStoreResults.Aggregate<Till>("a"));
            app.MapGet("/stream", static () => EventStoreResults.Stream("a"));
            app.MapGet("/streams", static () => EventStoreResults.Streams(new StreamQuery()));
            app.MapGet("/events", static () => EventStoreResults.Events("a"));
            app.MapGet("/follow", static () => EventStoreResults.FollowStream("a"));
            app.MapGet("/later", static async () =>
            {
                await Task.Yield();
                return EventStoreResults.Stream("a");
            });
            app.MapPost("/written", static () => EventStoreResults.Aggregate<Till>("a"));
            app.MapPost("/created", static () => EventStoreResults.Aggregate<Till>("a").Created("/a"));
            app.MapPost("/created-document", static () => EventStoreResults.Document<Customer>(Guid.NewGuid()).Created("/a"));
            app.MapGet("/union", static Results<AggregateHttpResult<Till>, Conflict> () =>
                EventStoreResults.Aggregate<Till>("a"));
        });

        Said(host, "/document").ShouldBe("200 Customer, 304, 400 ProblemDetails, 404 ProblemDetails, 412 ProblemDetails");
        Said(host, "/documents").ShouldBe("200 Customer[], 304, 400 ProblemDetails, 412 ProblemDetails");
        Said(host, "/aggregate").ShouldBe("200 Till, 304, 400 ProblemDetails, 404 ProblemDetails, 410 ProblemDetails, 412 ProblemDetails");
        Said(host, "/stream").ShouldBe("200 StreamAnswer, 304, 400 ProblemDetails, 404 ProblemDetails, 412 ProblemDetails");
        Said(host, "/streams").ShouldBe("200 StreamPageAnswer, 304, 400 ProblemDetails, 412 ProblemDetails");
        Said(host, "/events").ShouldBe(
            "200 EventPageAnswer, 304, 400 ProblemDetails, 404 ProblemDetails, 410 ProblemDetails, 412 ProblemDetails");
        Said(host, "/follow").ShouldBe("200 EventAnswer, 400 ProblemDetails, 404 ProblemDetails, 410 ProblemDetails");
        Said(host, "/later").ShouldBe(Said(host, "/stream"));
        Said(host, "/written").ShouldBe("200 Till, 400 ProblemDetails, 404 ProblemDetails, 410 ProblemDetails");
        Said(host, "/created").ShouldBe("201 Till, 400 ProblemDetails, 500 ProblemDetails");
        Said(host, "/created-document").ShouldBe("201 Customer, 400 ProblemDetails, 500 ProblemDetails");
        Said(host, "/union").ShouldBe(
            "200 Till, 304, 400 ProblemDetails, 404 ProblemDetails, 409, 410 ProblemDetails, 412 ProblemDetails");
        Produced(host, "/aggregate").Single(static said => said.StatusCode == 200).ContentTypes.ShouldBe(["application/json"]);
        Produced(host, "/aggregate").Single(static said => said.StatusCode == 404).ContentTypes.ShouldBe(["application/problem+json"]);
        Produced(host, "/follow").Single(static said => said.StatusCode == 200).ContentTypes.ShouldBe(["text/event-stream"]);
    }

    [Fact]
    public async Task Options_that_know_only_named_types_know_those_of_answers()
    {
        await using var host = await shop.StartAsync(static _ => { }, static services =>
        {
            services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Clear());
            services.AddFluentEventStoreWeb();
        });

        var options = host.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;

        foreach (var type in (Type[])[typeof(EventAnswer), typeof(EventPageAnswer), typeof(StreamAnswer), typeof(StreamPageAnswer)])
            options.GetTypeInfo(type).Properties.ShouldContain(static property => property.Name == "events"
                || property.Name == "streams" || property.Name == "streamId");
    }

    private static IEnumerable<IProducesResponseTypeMetadata> Produced(WebHost host, string path) =>
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText == path)
            .Metadata.OfType<IProducesResponseTypeMetadata>();

    private static string Said(WebHost host, string path) => string.Join(
        ", ",
        Produced(host, path).OrderBy(static said => said.StatusCode).Select(static said =>
            said.Type is null || said.Type == typeof(void) ? $"{said.StatusCode}" : $"{said.StatusCode} {said.Type.Name}"));
}
