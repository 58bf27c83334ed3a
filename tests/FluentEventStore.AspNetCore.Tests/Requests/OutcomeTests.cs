using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>What a client is told is what happened.</summary>
public sealed class OutcomeTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exception_handler_of_the_application_that_sets_no_status_answers_with_500()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapPost("/{id}", Start).WithUnitOfWork(),
            static services => services.AddProblemDetails().AddExceptionHandler<CatchAll>().AddFluentEventStoreWeb());
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new MoneyMoved(1));

        (await PostAsync(host, $"/{id}")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Theory, InlineData("database"), InlineData("stream"), InlineData("bad-request")]
    public async Task A_result_that_fails_after_the_save_says_that_the_request_was_carried_out(string failure)
    {
        await using var host = await WebHost.StartAsync(bank, app => app.MapPost("/{id}", (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(1));
            return new Failing(failure);
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        var (status, problem) = await PostAsync(host, $"/{id}");

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
        status.ShouldBe(HttpStatusCode.InternalServerError, problem);
        problem.ShouldContain("#carried-out");
    }

    [Fact]
    public async Task A_failure_after_the_handler_saved_does_not_say_that_nothing_was_carried_out()
    {
        await using var host = await WebHost.StartAsync(bank, app => app.MapPost("/{id}", static async (Guid id, IDocumentSession s) =>
        {
            s.Events.Append(id, new MoneyMoved(1));
            await s.SaveChangesAsync();
            throw Failing.Exception("database");
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        var (_, problem) = await PostAsync(host, $"/{id}");

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
        problem.ShouldContain("#partly-carried-out");
    }

    [Fact]
    public async Task A_second_store_that_fails_does_not_say_that_nothing_was_carried_out()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapGroup("").WithUnitOfWork()
                .MapPost("/{id}", static (Guid id, IDocumentSession outer, [FromKeyedServices("inner")] IDocumentSession inner) =>
                {
                    outer.Events.Append(id, new MoneyMoved(1));
                    inner.Events.Append(id, new MoneyMoved(1));
                })
                .WithUnitOfWork("inner"),
            AddInner,
            static options => options.Connection("Host=127.0.0.1;Port=1;Username=nobody;Database=none"));
        var id = Guid.NewGuid();

        var (_, problem) = await PostAsync(host, $"/{id}");

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
        problem.ShouldContain("#partly-carried-out");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_handler_that_a_filter_calls_again_after_a_failure_is_no_success_that_nobody_saved(bool throws)
    {
        var calls = 0;
        await using var host = await WebHost.StartAsync(bank, app => app.MapPost("/{id}", (Guid id, IDocumentSession session) =>
        {
            session.Events.Append(id, new MoneyMoved(1));
            return ++calls > 1 ? TypedResults.NoContent() : throws ? throw new TimeoutException() : Results.Conflict();
        }).AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                if (await next(context) is { } result and not IStatusCodeHttpResult { StatusCode: >= 400 })
                    return result;
            }
            catch (TimeoutException)
            {
            }

            return await next(context);
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        var (status, _) = await PostAsync(host, $"/{id}");

        (await bank.FetchAsync(id)).ShouldBeEmpty();
        status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_result_of_another_store_that_fails_says_that_the_request_was_carried_out()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapPost("/{id}", static (Guid id, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                return EventStoreResults.Document<Customer>(id).FromStore("inner");
            }).WithUnitOfWork(),
            AddInner);
        var id = Guid.NewGuid();

        var (_, problem) = await PostAsync(host, $"/{id}");

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
        problem.ShouldContain("#carried-out");
    }

    [Fact]
    public async Task A_request_that_saved_nothing_is_not_said_to_be_carried_out()
    {
        await using var host = await WebHost.StartAsync(bank, static app =>
            app.MapPost("/{id}", static (Guid id, IDocumentSession _) => EventStoreResults.Aggregate<Account>(id)).WithUnitOfWork());

        (await PostAsync(host, $"/{Guid.NewGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData("not-found"), InlineData("problem")]
    public async Task An_action_that_answers_an_error_saves_nothing_where_the_controllers_are_units(string outcome)
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapControllers().WithUnitOfWork(),
            static services => services.AddControllers().AddApplicationPart(typeof(OutcomeTests).Assembly));
        var id = Guid.NewGuid();

        ((int)(await PostAsync(host, $"/plain/{outcome}/{id}")).StatusCode).ShouldBeGreaterThanOrEqualTo(400);

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_that_the_application_registers_itself_is_saved()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapPost("/{id}", Start).WithUnitOfWork(),
            static services => services.AddScoped(static scope => scope.GetRequiredService<IEventStore>().OpenSession()));
        var id = Guid.NewGuid();

        (await PostAsync(host, $"/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_saved_for_a_handler_that_wrote_a_part_of_its_answer()
    {
        await using var host = await WebHost.StartAsync(bank, app => app.MapPost("/{id}", (Guid id, IDocumentSession s, HttpContext c) =>
        {
            s.Events.StartStream(id, new MoneyMoved(1));
            c.Response.BodyWriter.Write("done"u8);
        }).WithUnitOfWork());
        var id = Guid.NewGuid();

        (await PostAsync(host, $"/{id}")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_that_a_handler_set_are_not_sent_with_the_problem_of_its_result()
    {
        await using var host = await WebHost.StartAsync(bank, static app => app.MapGet("/{id}", static (Guid id, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=3600";
            context.Response.Cookies.Append("seen", "1");
            return EventStoreResults.Document<Customer>(id);
        }));

        using var response = await host.Client.GetAsync($"/{Guid.NewGuid()}", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Headers.CacheControl?.Public.ShouldBeFalse();
    }

    private static void Start(Guid id, IDocumentSession session) => session.Events.StartStream(id, new MoneyMoved(1));

    private void AddInner(IServiceCollection services) => services.AddKeyedFluentEventStore("inner", options =>
    {
        options.Connection(bank.ConnectionString);
        options.Schema = bank.Schema;
    });

    private static async Task<(HttpStatusCode StatusCode, string Body)> PostAsync(WebHost host, string path)
    {
        using var response = await host.Client.PostAsync(path, content: null, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class Failing(string failure) : IResult
    {
        public static Exception Exception(string failure) => failure switch
        {
            "database" => new NpgsqlException("Gone.", new IOException("Gone.")),
            "stream" => new StreamNotFoundException("other"),
            _ => new BadHttpRequestException("Bad."),
        };

        public Task ExecuteAsync(HttpContext httpContext) => throw Exception(failure);
    }

    private sealed class CatchAll(IProblemDetailsService problems) : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken) =>
            problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = { Title = "Something went wrong" } });
    }
}

[Route("plain")]
public sealed class PlainController(IDocumentSession session) : ControllerBase
{
    [HttpPost("{outcome}/{id}")]
    public IActionResult Post(string outcome, Guid id)
    {
        session.Events.Append(id, new MoneyMoved(1));
        return outcome == "problem" ? Problem(statusCode: StatusCodes.Status409Conflict) : NotFound();
    }
}
