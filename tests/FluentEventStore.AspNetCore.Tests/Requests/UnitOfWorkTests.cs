using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Requests;

public sealed class UnitOfWorkTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_handler_collects_is_saved_before_the_response()
    {
        await using var host = await StartAsync(static app => app.MapPost(
            "/accounts/{id}/deposits",
            (Guid id, Deposit body, IDocumentSession session) => { session.Events.Append(id, new MoneyMoved(body.Amount)); })
            .WithUnitOfWork());
        var id = Guid.NewGuid();

        var response = await host.Client.PostAsJsonAsync($"/accounts/{id}/deposits", new Deposit(5), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bank.FetchAsync(id)).ShouldHaveSingleItem().Data.ShouldBe(new MoneyMoved(5));
    }

    public static TheoryData<string, bool> Outcomes => new()
    {
        { "nothing", true },
        { "value", true },
        { "text", true },
        { "ok", true },
        { "created", true },
        { "no-content", true },
        { "redirect", true },
        { "unknown", true },
        { "status-201", true },
        { "bad-request", false },
        { "problem", false },
        { "status-404", false },
        { "union", false },
        { "union-ok", true },
        { "nested-union", false },
        { "forbid", false },
        { "challenge", false },
        { "throw", false },
        { "cancel", false },
    };

    [Theory, MemberData(nameof(Outcomes))]
    public async Task It_is_saved_exactly_where_the_result_tells_a_success(string outcome, bool isSaved)
    {
        await using var host = await StartAsync(
            static app => app.MapPost("/{outcome}/{id}", static (string outcome, Guid id, IDocumentSession session, HttpContext context) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                return Answer(outcome, context);
            }).WithUnitOfWork(),
            static services => services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions,
                NoAuthentication>("none", static _ => { }));
        var id = Guid.NewGuid();

        using var response = await host.Client.PostAsync($"/{outcome}/{id}", content: null, Cancellation);

        (await bank.FetchAsync(id)).Count.ShouldBe(isSaved ? 1 : 0);
        ((int)response.StatusCode < 400).ShouldBe(isSaved, $"{response.StatusCode}");
    }

    [Fact]
    public async Task On_a_group_and_on_its_endpoint_it_is_one_unit()
    {
        await using var host = await StartAsync(static app => app.MapGroup("/accounts").WithUnitOfWork().MapPost(
            "/{id}", static (Guid id, IDocumentSession session) => { session.Events.StartStream(id, new AccountOpened("Ada")); })
            .WithUnitOfWork());
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/accounts/{id}", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filter_inside_that_refuses_keeps_it_from_being_saved_whether_or_not_the_handler_ran(bool runs)
    {
        await using var host = await StartAsync(app =>
        {
            var group = app.MapGroup("/accounts").WithUnitOfWork();
            group.AddEndpointFilter(async (context, next) =>
            {
                if (runs)
                    await next(context);

                return Results.Conflict();
            });
            group.MapPost("/{id}", static (Guid id, IDocumentSession session) => { session.Events.Append(id, new MoneyMoved(1)); })
                .WithUnitOfWork();
        });
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/accounts/{id}", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_result_does_to_the_session_while_it_is_written_is_not_saved_and_the_unit_is_saved_before()
    {
        var seen = -1;
        await using var host = await StartAsync(app => app.MapPost("/{id}", (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(1));
            return Results.Stream(async stream =>
            {
                seen = (await bank.FetchAsync(id)).Count;
                session.Events.Append(id, new MoneyMoved(2));
                await stream.WriteAsync("done"u8.ToArray());
            });
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        (await (await host.Client.PostAsync($"/{id}", content: null, Cancellation)).Content.ReadAsStringAsync(Cancellation))
            .ShouldBe("done");

        seen.ShouldBe(1);
        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_may_save_by_itself_and_go_on()
    {
        await using var host = await StartAsync(static app => app.MapPost("/{id}", static async (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(1));
            await session.SaveChangesAsync();
            session.Events.Append(id, new MoneyMoved(2));
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/{id}", content: null, Cancellation)).EnsureSuccessStatusCode();

        (await bank.FetchAsync(id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_starts_the_response_loses_its_response_and_nothing_is_saved(bool isDelegate)
    {
        await using var host = await StartAsync(app =>
        {
            var endpoint = isDelegate
                ? app.MapPost("/{id}", static async context =>
                {
                    context.RequestServices.GetRequiredService<IDocumentSession>().Events.Append(
                        Guid.Parse((string)context.GetRouteValue("id")!), new MoneyMoved(1));
                    await context.Response.WriteAsync("started");
                    await context.Response.Body.FlushAsync();
                })
                : app.MapPost("/{id}", static async (Guid id, IDocumentSession session, HttpContext context) =>
                {
                    session.Events.Append(id, new MoneyMoved(1));
                    await context.Response.WriteAsync("started");
                    await context.Response.Body.FlushAsync();
                });
            endpoint.WithUnitOfWork();
        });
        var id = Guid.NewGuid();

        await Should.ThrowAsync<HttpRequestException>(() => host.Client.PostAsync($"/{id}", content: null, Cancellation));

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_endpoint_that_writes_its_response_itself_is_saved_where_it_has_not_started()
    {
        await using var host = await StartAsync(static app => app.MapPost("/{id}", static context =>
        {
            context.RequestServices.GetRequiredService<IDocumentSession>().Events.Append(
                Guid.Parse((string)context.GetRouteValue("id")!), new MoneyMoved(1));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/{id}", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_nothing()
    {
        var isIn = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var host = await StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    ended.TrySetResult();
                }
            });
            app.MapPost("/{id}", async (Guid id, IDocumentSession session, HttpContext context) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                context.RequestAborted.Register(() => goesOn.TrySetResult());
                isIn.SetResult();
                await goesOn.Task;
            }).WithUnitOfWork();
        });
        var id = Guid.NewGuid();
        using var leave = new CancellationTokenSource();
        var request = host.Client.PostAsync($"/{id}", content: null, leave.Token);
        await isIn.Task.WaitAsync(Cancellation);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await ended.Task.WaitAsync(Cancellation);
        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_lead_to_the_trace_and_the_span_of_their_request_and_to_its_user(bool isTraced)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => isTraced && source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await StartAsync(static app =>
        {
            app.Use(static (context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test"));
                return next(context);
            });
            app.MapPost("/{id}", static (Guid id, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                return Activity.Current?.SpanId.ToHexString() ?? "";
            }).WithUnitOfWork();
        });
        var id = Guid.NewGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{id}");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        var span = await (await host.Client.SendAsync(request, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        var recorded = (await bank.FetchAsync(id)).ShouldHaveSingleItem();
        recorded.CorrelationId.ShouldBe("0af7651916cd43dd8448eb211c80319c");
        recorded.CausationId.ShouldBe(span.Length > 0 ? span : "b7ad6b7169203331");
        if (isTraced)
            span.ShouldNotBeEmpty();

        recorded.UserName.ShouldBe("ada");
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"amount":"much"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"amount":1}""", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_cannot_be_read_saves_nothing(string body, string type, HttpStatusCode expected)
    {
        await using var host = await StartAsync(static app => app.MapPost(
            "/accounts/{id}", static (Guid id, Deposit body, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(body.Amount));
            }).WithUnitOfWork());
        var id = Guid.NewGuid();
        using var content = new StringContent(body, Encoding.UTF8, type);

        (await host.Client.PostAsync($"/accounts/{id}", content, Cancellation)).StatusCode.ShouldBe(expected);
        (await host.Client.PostAsJsonAsync("/accounts/no-guid", new Deposit(1), Cancellation)).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest);

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_too_large_saves_nothing()
    {
        await using var host = await StartAsync(static app => app.MapPost(
            "/accounts/{id}", static async (Guid id, HttpRequest request, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                await request.ReadFromJsonAsync<Deposit>();
            }).WithUnitOfWork().WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(100)));
        var id = Guid.NewGuid();
        using var content = new StringContent($$"""{"amount":1,"note":"{{new string('x', 1000)}}"}""", Encoding.UTF8, "application/json");

        var response = await host.Client.PostAsync($"/accounts/{id}", content, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_of_a_store_with_a_key_is_saved_where_the_key_is_named()
    {
        await using var host = await StartAsync(
            static app => app.MapPost("/{id}", static (
                Guid id, [FromKeyedServices("other")] IDocumentSession session, IDocumentSession unsaved) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                unsaved.Events.Append(id, new MoneyMoved(2));
            }).WithUnitOfWork("other"),
            services => services.AddKeyedFluentEventStore(
                "other", options => options.Connection(bank.ConnectionString).Schema = bank.Schema));
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/{id}", content: null, Cancellation)).EnsureSuccessStatusCode();

        (await bank.FetchAsync(id)).ShouldHaveSingleItem().Data.ShouldBe(new MoneyMoved(1));
    }

    [Theory, InlineData("lost"), InlineData(null)]
    public void A_unit_of_work_of_a_store_that_there_is_not_fails_when_the_endpoints_are_built(string? key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKeyedFluentEventStore("billing", static options => options.Connection("Host=nowhere"));
        var app = builder.Build();
        var endpoint = app.MapPost("/", static () => "");
        _ = key is null ? endpoint.WithUnitOfWork() : endpoint.WithUnitOfWork(key);

        var sources = ((IEndpointRouteBuilder)app).DataSources;
        Should.Throw<InvalidOperationException>(() => sources.SelectMany(static source => source.Endpoints).ToList())
            .Message.ShouldContain(key is null ? "AddFluentEventStore()" : "\"lost\"");
    }

    [Fact]
    public async Task A_unit_of_documents_alone_is_written_once_when_its_outcome_was_unknown()
    {
        await using var host = await StartAsync(static app => app.MapPost("/{id}", static (Guid id, IDocumentSession session) =>
        {
            session.Insert(new Customer { Id = id, Name = "Ada" });
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        // The identity of the unit is what makes a second attempt safe.
        (await host.Client.PostAsync($"/{id}", content: null, Cancellation)).EnsureSuccessStatusCode();

        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Customer>(id, Cancellation)).ShouldNotBeNull();
    }

    private static IResult? Answer(string outcome, HttpContext context)
    {
        switch (outcome)
        {
            case "nothing":
                return null;
            case "status-201":
                context.Response.StatusCode = 201;
                return Results.Empty;
            case "status-404":
                context.Response.StatusCode = 404;
                return Results.Empty;
            case "throw":
                throw new NotSupportedException();
            case "cancel":
                throw new OperationCanceledException();
            default:
                return outcome switch
                {
                    "value" => TypedResults.Json(new Deposit(1)),
                    "text" => Results.Text("done"),
                    "ok" => Results.Ok(),
                    "created" => Results.Created("/", null),
                    "no-content" => Results.NoContent(),
                    "redirect" => Results.Redirect("/elsewhere"),
                    "unknown" => new Own(),
                    "bad-request" => Results.BadRequest(),
                    "problem" => Results.Problem(),
                    "union" => (Results<Ok, NotFound>)TypedResults.NotFound(),
                    "union-ok" => (Results<Ok, NotFound>)TypedResults.Ok(),
                    "nested-union" => (Results<Results<Ok, Conflict>, NotFound>)(Results<Ok, Conflict>)TypedResults.Conflict(),
                    "forbid" => Results.Forbid(),
                    "challenge" => Results.Challenge(),
                    _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
                };
        }
    }

    private Task<WebHost> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? add = null) =>
        WebHost.StartAsync(bank, map, add);

    private sealed class Own : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Task.CompletedTask;
    }
}
