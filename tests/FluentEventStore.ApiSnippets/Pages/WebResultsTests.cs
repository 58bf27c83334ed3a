using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Banking;
using FluentEventStore.ApiSnippets.Bank;
using FluentEventStore.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/web-results.md, as one application.</summary>
public sealed class WebResultsTests(SnippetStore snippets) : IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private StartedApplication? _host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Client => (_host ?? throw new InvalidOperationException("The application is not started.")).Client;

    public async ValueTask InitializeAsync() => _host = await StartedApplication.StartAsync(
        Build(StartedApplication.Arguments(SnippetStore.NewSchema()), snippets.ConnectionString));

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task What_was_written_is_answered_with_the_tag_of_the_next_GET()
    {
        using var created = await OpenAsync();

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location.ShouldBe(new Uri($"/accounts/{_id}", UriKind.Relative));
        (await created.Content.ReadFromJsonAsync<Account>(Cancellation)).ShouldBe(new Account(_id, "Ada", 0m));
        using var shown = await Client.GetAsync($"/accounts/{_id}", Cancellation);
        shown.Headers.ETag.ShouldBe(created.Headers.ETag.ShouldNotBeNull());

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/accounts/{_id}");
        again.Headers.IfNoneMatch.Add(created.Headers.ETag);
        using var known = await Client.SendAsync(again, Cancellation);
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Everything_on_the_page_is_shown()
    {
        using var created = await OpenAsync();
        var store = _host!.App.Services.GetRequiredService<IEventStore>();
        await using var session = store.OpenSession();
        session.Events.Append(_id, new MoneyDeposited(_id, 5m, "EUR", DateTimeOffset.UnixEpoch));
        session.Store(new Customer { Id = _id, Name = "Ada" });
        await session.SaveChangesAsync(Cancellation);

        (await GetAsync<Customer>($"/customers/{_id}")).Name.ShouldBe("Ada");
        (await GetAsync<Customer[]>($"/customers?ids={_id}&ids={Guid.Empty}")).Length.ShouldBe(1);
        (await GetAsync<Account>($"/accounts/{_id}")).Balance.ShouldBe(5m);
        (await GetAsync<Account>($"/accounts/{_id}?version=1")).Balance.ShouldBe(0m);
        (await GetAsync<StreamAnswer>($"/streams/{_id}")).Version.ShouldBe(2);
        (await GetAsync<StreamPageAnswer>($"/streams?prefix={_id}")).TotalCount.ShouldBe(1);
        (await GetAsync<EventPageAnswer>($"/streams/{_id}/events?maxCount=1&from=2")).Events.Single().Type.ShouldBe("money-deposited");
        (await FirstEventAsync($"/streams/{_id}/live")).ShouldBe("event: account-opened");
        (await FirstEventAsync("/live")).ShouldBe("event: account-opened");
    }

    [Fact]
    public async Task A_page_of_events_has_the_members_that_the_page_shows()
    {
        using var created = await OpenAsync();
        var page = await GetAsync<JsonElement>($"/streams/{_id}/events");
        using var shown = JsonDocument.Parse(
            Repository.Read("docs/how-to/web-results.md").Split("```json\n")[1].Split("```")[0]);

        NamesOf(page).ShouldBe(NamesOf(shown.RootElement));
        NamesOf(page.GetProperty("events")[0]).ShouldBe(NamesOf(shown.RootElement.GetProperty("events")[0]));
        var next = shown.RootElement.GetProperty("next").GetString();
        (await GetAsync<JsonElement>($"/streams/{_id}/events?cursor={next}")).GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static WebApplication Build(string[] args, string connectionString)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddFluentEventStore(options => options.Connection(connectionString)).ApplySchemaOnStartup();
        var app = builder.Build();

        // begin-snippet: show
        app.MapGet("/customers/{id}", (Guid id) => EventStoreResults.Document<Customer>(id));
        app.MapGet("/customers", (Guid[] ids) => EventStoreResults.Documents<Customer>(ids));
        app.MapGet("/accounts/{id}", (Guid id, [AsParameters] AggregateQuery query) => EventStoreResults.Aggregate<Account>(id, query));
        app.MapGet("/streams/{id}", (string id) => EventStoreResults.Stream(id));
        app.MapGet("/streams", ([AsParameters] StreamsQuery query) => EventStoreResults.Streams(query));
        app.MapGet("/streams/{id}/events", (string id, [AsParameters] EventsQuery query) => EventStoreResults.Events(id, query));
        app.MapGet("/streams/{id}/live", (string id) => EventStoreResults.FollowStream(id));
        app.MapGet("/live", () => EventStoreResults.FollowLog(new EventFilter().OfType<AccountOpened>()));
        // end-snippet

        // begin-snippet: write
        app.MapPost("/accounts/{id}", (Guid id, Opening body, IDocumentSession session) =>
        {
            session.Events.StartStream<Account>(id, new AccountOpened(id, body.Owner, body.Currency));
            return EventStoreResults.Aggregate<Account>(id).Created($"/accounts/{id}");
        }).WithUnitOfWork();
        // end-snippet

        return app;
    }

    private static IEnumerable<string> NamesOf(JsonElement element) => element.EnumerateObject().Select(static member => member.Name);

    private Task<HttpResponseMessage> OpenAsync() =>
        Client.PostAsJsonAsync($"/accounts/{_id}", new Opening("Ada", "EUR"), Cancellation);

    private async Task<T> GetAsync<T>(string path) => (await Client.GetFromJsonAsync<T>(path, Cancellation))!;

    /// <summary>The first line that names an event: the answer goes on until the client goes.</summary>
    private async Task<string?> FirstEventAsync(string path)
    {
        using var reader = new StreamReader(await Client.GetStreamAsync(path, Cancellation));
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("event:", StringComparison.Ordinal))
                return line;
        }

        return null;
    }
}
