using System.Buffers;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentEventStore.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>A web application, called over HTTP.</summary>
internal sealed class WebChecks(string connectionString, string schema)
{
    public async Task ServeAsync()
    {
        await using var app = Build();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var id = Guid.NewGuid();

        var opened = await client.PostAsJsonAsync($"/tills/{id}", new FillTill(10), WebJson.Default.FillTill);
        Equal(HttpStatusCode.OK, opened.StatusCode);
        var conflict = await client.PostAsJsonAsync($"/tills/{id}", new FillTill(10), WebJson.Default.FillTill);
        Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var problem = await conflict.Content.ReadFromJsonAsync(WebJson.Default.JsonElement);
        Equal(1L, problem.GetProperty("actual").GetInt64());
        Equal(true, problem.GetProperty("type").GetString()!.EndsWith("#stream-exists", StringComparison.Ordinal));

        var command = await client.PostAsJsonAsync($"/tills/{id}/fill", new FillTill(5), WebJson.Default.FillTill);
        Equal(HttpStatusCode.OK, command.StatusCode);
        Equal(true, command.Headers.ETag is { IsWeak: false });
        using var late = new HttpRequestMessage(HttpMethod.Post, $"/tills/{id}/fill")
        {
            Content = JsonContent.Create(new FillTill(5), WebJson.Default.FillTill),
        };
        late.Headers.IfMatch.Add(new("\"1-late\""));
        Equal(HttpStatusCode.PreconditionFailed, (await client.SendAsync(late)).StatusCode);
        using var malformed = new StringContent("{", Encoding.UTF8, "application/json");
        Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"/tills/{id}/fill", malformed)).StatusCode);
        Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync(
            $"/tills/{Guid.NewGuid()}/fill", new FillTill(5), WebJson.Default.FillTill)).StatusCode);

        var json = new ArrayBufferWriter<byte>();
        Equal(true, EventStoreJson.TryWrite(new AccountOpened("Ada", Currency.Franc), json));
        Equal(true, json.WrittenCount > 2);
        await app.StopAsync();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WebJson.Default));
        builder.Services.AddFluentEventStore(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        });
        builder.Services.AddFluentEventStoreWeb(static web => web.MapException<NotSupportedException>(422, "Not supported"));
        var app = builder.Build();
        app.UseExceptionHandler();
        app.MapPost("/tills/{id}", static (Guid id, FillTill body, Preconditions preconditions, IDocumentSession session) =>
        {
            preconditions.CheckStream(session.TenantId, id, default);
            session.Events.StartStream(id, new TillFilled(body.Amount));
        }).WithUnitOfWork();
        app.MapCommand<int, FillTill>("/tills/{id}/fill", WebTill.Decider);
        return app;
    }
}

[Event]
public sealed record TillFilled(int Amount);

public sealed record FillTill(int Amount);

[Decider]
public static partial class WebTill
{
    public static int Initial => 0;

    public static TillFilled Decide(FillTill command) => new(command.Amount);

    public static int Evolve(int state, TillFilled e) => state + e.Amount;
}

[JsonSerializable(typeof(FillTill))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(JsonElement))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class WebJson : JsonSerializerContext;
