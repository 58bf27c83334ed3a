using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Commands;

public sealed class CommandEndpointTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_decided_and_answered_with_the_new_state_and_its_tag()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);

        var response = await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(30), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadFromJsonAsync<TillState>(Cancellation)).ShouldBe(new TillState(IsOpen: true, 70));
        response.Headers.ETag.ShouldNotBeNull().Tag.ShouldStartWith("\"3-");
        response.Content.Headers.ContentLength.ShouldNotBeNull();
        (await bank.FetchAsync(id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_tag_of_the_answer_is_a_precondition_of_the_next_command_and_of_no_later_one()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);
        var tag = (await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(1), Cancellation)).Headers.ETag.ShouldNotBeNull();

        (await SendAsync(host, id, new Withdraw(1), tag.Tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var late = await SendAsync(host, id, new Withdraw(1), tag.Tag);

        late.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        var problem = await late.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("expected").GetString().ShouldBe($"If-Match: {tag.Tag}");
        problem.GetProperty("actual").GetInt64().ShouldBe(4);
        (await bank.FetchAsync(id)).Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"1-a\", {tag}", HttpStatusCode.OK)]
    [InlineData("W/{tag}", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"1-a\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("*, \"1-a\"", HttpStatusCode.BadRequest)]
    [InlineData("\"unterminated", HttpStatusCode.BadRequest)]
    public async Task A_precondition_is_compared_strongly(string ifMatch, HttpStatusCode expected)
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);
        var tag = (await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(1), Cancellation)).Headers.ETag.ShouldNotBeNull();

        var response = await SendAsync(host, id, new Withdraw(1), ifMatch.Replace("{tag}", tag.Tag, StringComparison.Ordinal));

        response.StatusCode.ShouldBe(expected);
        (await bank.FetchAsync(id)).Count.ShouldBe(expected == HttpStatusCode.OK ? 4 : 3);
    }

    [Fact]
    public async Task A_command_that_begins_a_stream_may_demand_that_there_is_none()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        using var first = Request($"/{id}", new Open("Ada"));
        first.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var second = Request($"/{id}", new Open("Ada"));
        second.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var wrong = Request($"/{Guid.NewGuid()}", new Open("Ada"));
        wrong.Headers.TryAddWithoutValidation("If-Match", "*");

        (await host.Client.SendAsync(first, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Client.SendAsync(second, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await host.Client.SendAsync(wrong, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("none", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("deleted", HttpStatusCode.NotFound, "stream-deleted")]
    [InlineData("tombstoned", HttpStatusCode.Gone, "stream-tombstoned")]
    [InlineData("archived", HttpStatusCode.Conflict, "stream-archived")]
    public async Task A_stream_that_takes_no_command_says_why(string state, HttpStatusCode expected, string name)
    {
        await using var host = await StartAsync();
        var id = state == "none" ? Guid.NewGuid() : await OpenAsync(host);
        await using (var session = bank.Store.OpenSession())
        {
            if (state == "deleted")
                session.Events.DeleteStream(id);
            else if (state == "tombstoned")
                session.Events.TombstoneStream(id);
            else if (state == "archived")
                session.Events.ArchiveStream(id);

            await session.SaveChangesAsync(Cancellation);
        }

        var response = await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(1), Cancellation);

        response.StatusCode.ShouldBe(expected);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString().ShouldNotBeNull()
            .ShouldEndWith($"#{name}");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"amount":"much"}""")]
    public async Task A_body_that_is_no_command_is_a_problem_and_decides_nothing(string body)
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var text = new StringContent("""{"amount":1}""", Encoding.UTF8, "text/plain");

        var response = await host.Client.PostAsync($"/{id}/withdrawals", content, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString().ShouldNotBeNull()
            .ShouldEndWith("#bad-request");
        (await host.Client.PostAsync($"/{id}/withdrawals", text, Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await bank.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_of_the_decider_is_what_the_application_maps_it_to()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);

        var response = await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(1000), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString()
            .ShouldBe("There is only 100.");
    }

    [Fact]
    public async Task A_command_that_the_decider_does_not_know_fails_and_writes_nothing()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);

        (await host.Client.PostAsJsonAsync($"/{id}/fail", new Fail(), Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.InternalServerError);

        (await bank.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_client_is_told_that_its_command_was_carried_out_if_the_state_cannot_be_shown()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);

        var answer = await host.Client.PostAsJsonAsync($"/{id}/breaks", new Break(), Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString().ShouldNotBeNull()
            .ShouldEndWith("#carried-out");
        (await bank.FetchAsync(id)).Select(static e => e.Data).OfType<TillBroken>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commands_at_the_same_time_are_decided_again_or_one_gets_a_conflict_as_configured(bool retries)
    {
        await using var host = await StartAsync(retries ? null : TimeSpan.Zero);
        var id = await OpenAsync(host);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            (await host.Client.PostAsJsonAsync($"/{id}/withdrawals", new Withdraw(3), Cancellation)).StatusCode));

        answers.ShouldAllBe(answer => answer == HttpStatusCode.OK || (!retries && answer == HttpStatusCode.Conflict));
        var taken = answers.Count(static answer => answer == HttpStatusCode.OK);
        if (retries)
            taken.ShouldBe(20);

        (await bank.FetchAsync(id)).Select(static e => e.Data).OfType<MoneyMoved>().Sum(static e => e.Amount).ShouldBe(100 - (3 * taken));
    }

    [Fact]
    public async Task A_guid_in_any_form_is_the_same_stream()
    {
        await using var host = await StartAsync();
        var id = await OpenAsync(host);

        (await host.Client.PostAsJsonAsync($"/{id.ToString().ToUpperInvariant()}/withdrawals", new Withdraw(1), Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.OK);
        (await host.Client.PostAsJsonAsync($"/{new string('x', 251)}/withdrawals", new Withdraw(1), Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task It_works_in_the_requests_correlation_inside_a_group_of_units_of_work()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        using var request = Request($"/group/{id}", new Open("Ada"));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        (await host.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await bank.FetchAsync(id)).ShouldAllBe(static e => e.CorrelationId == "0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task Its_metadata_tell_what_it_takes_and_answers()
    {
        await using var host = await StartAsync();
        var endpoint = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(static endpoint => endpoint.RoutePattern.RawText == "/{id}/withdrawals");

        var takes = endpoint.Metadata.GetMetadata<IAcceptsMetadata>().ShouldNotBeNull();
        takes.RequestType.ShouldBe(typeof(Withdraw));
        takes.ContentTypes.ShouldBe(["application/json"]);
        endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(static answer => answer.StatusCode)
            .ShouldBe([200, 204, 400, 404, 409, 410, 412, 415, 422, 500, 503]);
        endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()[0].Type.ShouldBe(typeof(TillState));
        endpoint.Metadata.GetMetadata<MethodInfo>().ShouldNotBeNull("Descriptions show endpoints that have one.");
        endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Select(static parameter => parameter.Name).ShouldBe(["id"]);
    }

    private static async Task<Guid> OpenAsync(WebHost host)
    {
        var id = Guid.NewGuid();
        (await host.Client.PostAsJsonAsync($"/{id}", new Open("Ada"), Cancellation)).EnsureSuccessStatusCode();
        return id;
    }

    private static async Task<HttpResponseMessage> SendAsync(WebHost host, Guid id, Withdraw command, string ifMatch)
    {
        using var request = Request($"/{id}/withdrawals", command);
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await host.Client.SendAsync(request, Cancellation);
    }

    [Fact]
    public void A_command_whose_route_names_no_stream_or_whose_store_is_not_there_fails_when_the_endpoints_are_built()
    {
        Build(static app => app.MapCommand<TillState, Open>("/tills", Till.Decider)).ShouldContain("'/tills'");
        Build(static app => app.MapGroup("/group").MapCommand<TillState, Open>("/{till}", Till.Decider)).ShouldContain("'/group/{till}'");
        Build(static app => app.MapCommand<TillState, Open>("/{id}", Till.Decider, static command => command.Store = "lost"))
            .ShouldContain("'lost'");
        Build(static app =>
        {
            app.MapGroup("/{id}").MapCommand<TillState, Open>("/tills", Till.Decider);
            app.MapCommand<TillState, Open>("/tills", Till.Decider, static command => command.StreamOf = static _ => "till");
        }).ShouldBeEmpty();

        static string Build(Action<WebApplication> map)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Services.AddFluentEventStore(static options => options.Connection("Host=nowhere"));
            var app = builder.Build();
            map(app);
            try
            {
                _ = ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).ToList();
                return "";
            }
            catch (InvalidOperationException failure)
            {
                return failure.Message;
            }
        }
    }

    private static HttpRequestMessage Request<T>(string address, T command) =>
        new(HttpMethod.Post, address) { Content = JsonContent.Create(command, MediaTypeHeaderValue.Parse("application/json")) };

    private Task<WebHost> StartAsync(TimeSpan? retryFor = null) => WebHost.StartAsync(
        bank,
        app =>
        {
            app.MapCommand<TillState, Open>("/{id}", Till.Decider, static command => command.MayBegin = true);
            app.MapGroup("/group").WithUnitOfWork()
                .MapCommand<TillState, Open>("/{id}", Till.Decider, static command => command.MayBegin = true);
            app.MapCommand<TillState, Withdraw>("/{id}/withdrawals", Till.Decider, command => command.RetryFor = retryFor);
            app.MapCommand<TillState, Fail>("/{id}/fail", Till.Decider);
            app.MapCommand<TillState, Break>("/{id}/breaks", Till.Decider);
        },
        static services => services.AddFluentEventStoreWeb(static web => web.MapException<NotEnoughException>(422, "Not enough money")));
}
