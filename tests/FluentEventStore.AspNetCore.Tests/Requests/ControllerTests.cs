using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Requests;

public sealed class ControllerTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Outcomes => new()
    {
        { "nothing", true },
        { "value", true },
        { "ok", true },
        { "created", true },
        { "http-ok", true },
        { "bad-request", false },
        { "problem", false },
        { "problem-value", false },
        { "status-404", false },
        { "http-not-found", false },
        { "http-union", false },
        { "forbid", false },
        { "throw", false },
        { "filter", false },
    };

    [Theory, MemberData(nameof(Outcomes))]
    public async Task It_is_saved_exactly_where_the_action_succeeds(string outcome, bool isSaved)
    {
        await using var host = await StartAsync(static services => services.AddAuthentication("none")
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoAuthentication>("none", static _ => { }));
        var id = Guid.NewGuid();

        using var response = await host.Client.PostAsync($"/unit/{outcome}/{id}", content: null, Cancellation);

        (await bank.FetchAsync(id)).Count.ShouldBe(isSaved ? 1 : 0);
        ((int)response.StatusCode < 400).ShouldBe(isSaved, $"{response.StatusCode}");
    }

    [Fact]
    public async Task On_a_controller_and_on_its_action_it_is_one_unit()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        (await host.Client.PostAsync($"/unit/start/{id}", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_conflict_is_a_problem_with_its_data()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new AccountOpened("Ada"));

        var response = await host.Client.PostAsync($"/unit/start/{id}", content: null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("actual").GetInt64().ShouldBe(1);
        response.Headers.Contains("X-Handler").ShouldBeFalse();
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_saves_nothing()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();
        using var content = new StringContent("{", Encoding.UTF8, "application/json");

        (await host.Client.PostAsync($"/unit/deposit/{id}", content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Client.PostAsJsonAsync($"/unit/deposit/{id}", new Deposit(3), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await bank.FetchAsync(id)).ShouldHaveSingleItem().Data.ShouldBe(new MoneyMoved(3));
    }

    [Fact]
    public async Task The_tenant_is_known_before_the_controller_is_made_also_where_resolving_it_waits()
    {
        await using var host = await StartAsync(static services => services
            .AddFluentEventStoreWeb(static web => web.TenantFromHeader("X-Tenant"))
            .AddSingleton<ITenantResolver, Waiting>());
        var id = Guid.NewGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/unit/ok/{id}");
        request.Headers.Add("X-Tenant", "acme");
        using var nobody = new HttpRequestMessage(HttpMethod.Post, $"/unit/ok/{id}");
        nobody.Headers.Add("X-Tenant", "lost");

        (await host.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Client.SendAsync(nobody, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await bank.FetchAsync(id, "acme")).Count.ShouldBe(1);
    }

    private Task<WebHost> StartAsync(Action<IServiceCollection>? add = null) => WebHost.StartAsync(
        bank,
        static app => Microsoft.AspNetCore.Builder.ControllerEndpointRouteBuilderExtensions.MapControllers(app),
        services =>
        {
            services.AddControllers().AddApplicationPart(typeof(UnitController).Assembly);
            add?.Invoke(services);
        });

    private sealed class Waiting : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return name == "acme" ? TenantResolution.Of(name) : TenantResolution.Unknown;
        }
    }
}

[ApiController, Route("unit"), UnitOfWork]
public sealed class UnitController(IDocumentSession session) : ControllerBase
{
    [HttpPost("nothing/{id}")]
    public void Nothing(Guid id) => Append(id);

    [HttpPost("value/{id}")]
    public Deposit Value(Guid id)
    {
        Append(id);
        return new Deposit(1);
    }

    [HttpPost("ok/{id}")]
    public IActionResult Done(Guid id) => Append(id, Ok());

    [HttpPost("created/{id}")]
    public ActionResult<Deposit> Make(Guid id) => Append(id, Created("/", new Deposit(1)));

    [HttpPost("bad-request/{id}")]
    public ActionResult<Deposit> Refuse(Guid id) => Append(id, BadRequest());

    [HttpPost("problem/{id}")]
    public IActionResult Fail(Guid id) => Append(id, Problem(statusCode: 409));

    [HttpPost("problem-value/{id}")]
    public IActionResult FailByValue(Guid id) => Append(id, new ObjectResult(new ProblemDetails { Status = 409 }));

    [HttpPost("status-404/{id}")]
    public void Miss(Guid id)
    {
        Append(id);
        Response.StatusCode = 404;
    }

    [HttpPost("http-ok/{id}")]
    public IResult HttpOk(Guid id)
    {
        Append(id);
        return TypedResults.Ok();
    }

    [HttpPost("http-not-found/{id}")]
    public IResult HttpNotFound(Guid id)
    {
        Append(id);
        return TypedResults.NotFound();
    }

    [HttpPost("http-union/{id}")]
    public Results<Ok, NotFound> HttpUnion(Guid id)
    {
        Append(id);
        return TypedResults.NotFound();
    }

    [HttpPost("forbid/{id}")]
    public IActionResult Deny(Guid id) => Append(id, Forbid());

    [HttpPost("throw/{id}")]
    public void Throw(Guid id)
    {
        Append(id);
        throw new NotSupportedException();
    }

    [HttpPost("filter/{id}"), Refusing]
    public void Filtered(Guid id) => Append(id);

    [HttpPost("start/{id}"), UnitOfWork]
    public void Start(Guid id)
    {
        Response.Headers["X-Handler"] = "here";
        session.Events.StartStream(id, new AccountOpened("Ada"));
    }

    [HttpPost("deposit/{id}")]
    public void Pay(Guid id, [FromBody] Deposit deposit) => session.Events.Append(id, new MoneyMoved(deposit.Amount));

    private T Append<T>(Guid id, T result)
    {
        Append(id);
        return result;
    }

    private void Append(Guid id) => session.Events.Append(id, new MoneyMoved(1));

    private sealed class RefusingAttribute : ActionFilterAttribute
    {
        public override void OnActionExecuted(ActionExecutedContext context) => context.Result = new ConflictResult();
    }
}
