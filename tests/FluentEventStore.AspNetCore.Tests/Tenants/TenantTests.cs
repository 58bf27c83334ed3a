using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Tenants;

public sealed class TenantTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Sources => ["header", "route", "host", "claim"];

    [Theory, MemberData(nameof(Sources))]
    public async Task A_request_works_for_the_tenant_that_it_names(string source)
    {
        await using var host = await StartAsync(web => From(web, source));
        var id = Guid.NewGuid();
        using var request = Request(source, "acme", HttpMethod.Post, id);

        (await host.Client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();

        (await bank.FetchAsync(id, "acme")).Count.ShouldBe(1);
        (await bank.FetchAsync(id)).ShouldBeEmpty();
        using var reading = Request(source, "acme", HttpMethod.Get, id);
        (await (await host.Client.SendAsync(reading, Cancellation)).Content.ReadAsStringAsync(Cancellation)).ShouldBe("1");
        using var other = Request(source, "umbrella", HttpMethod.Get, id);
        (await (await host.Client.SendAsync(other, Cancellation)).Content.ReadAsStringAsync(Cancellation)).ShouldBe("0");
    }

    [Fact]
    public async Task Sources_are_asked_in_their_order()
    {
        await using var host = await StartAsync(static web => web.TenantFromHeader("X-Tenant").TenantFromRoute("tenant"));
        var id = Guid.NewGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/of/umbrella/{id}");
        request.Headers.Add("X-Tenant", "acme");

        (await host.Client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
        (await host.Client.PostAsync($"/of/umbrella/{id}", content: null, Cancellation)).EnsureSuccessStatusCode();

        ((await bank.FetchAsync(id, "acme")).Count, (await bank.FetchAsync(id, "umbrella")).Count).ShouldBe((1, 1));
    }

    public static TheoryData<string?> NoTenants => new((string?)null, "", new string('x', 251));

    [Theory, MemberData(nameof(NoTenants))]
    public async Task A_request_that_names_no_tenant_is_answered_with_400_and_writes_nothing(string? name)
    {
        await using var host = await StartAsync(static web => web.TenantFromRoute("missing").TenantFromHeader("X-Tenant"));
        var id = Guid.NewGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{id}");
        if (name is not null)
            request.Headers.TryAddWithoutValidation("X-Tenant", name);

        var response = await host.Client.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ProblemOf(response)).ShouldEndWith("#tenant-missing");
        (await bank.FetchAsync(id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_tenant_is_answered_with_404_and_a_disabled_one_with_403(bool waits)
    {
        await using var host = await StartAsync(
            static web => web.TenantFromHeader("X-Tenant"),
            services => services.AddSingleton<ITenantResolver>(new Resolver(waits ? Task.Delay(1, Cancellation) : Task.CompletedTask)));
        var id = Guid.NewGuid();

        (await SendAsync("known")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var unknown = await SendAsync("lost");
        var disabled = await SendAsync("closed");

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ProblemOf(unknown)).ShouldEndWith("#unknown-tenant");
        disabled.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ProblemOf(disabled)).ShouldEndWith("#tenant-disabled");
        (await bank.FetchAsync(id, "id of known")).Count.ShouldBe(1);

        async Task<HttpResponseMessage> SendAsync(string name)
        {
            using var request = Request("header", name, HttpMethod.Post, id);
            return await host.Client.SendAsync(request, Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resolver_that_waits_needs_the_middleware_at_endpoints_without_a_unit_of_work(bool hasMiddleware)
    {
        var answer = new TaskCompletionSource();
        await using var host = await StartAsync(
            static web => web.TenantFromHeader("X-Tenant"),
            services => services.AddSingleton<ITenantResolver>(new Resolver(answer.Task)),
            app =>
            {
                if (hasMiddleware)
                    app.UseEventStoreTenants();
            });
        using var request = Request("header", "known", HttpMethod.Get, Guid.NewGuid());
        if (hasMiddleware)
            answer.SetResult();

        var response = await host.Client.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(hasMiddleware ? HttpStatusCode.OK : HttpStatusCode.InternalServerError);
    }

    [Theory, InlineData("post", false), InlineData("get", false), InlineData("post", true)]
    public async Task A_resolver_that_asks_for_a_session_of_the_request_is_told_to_ask_the_store(string method, bool late)
    {
        var failures = new List<Exception>();
        await using var host = await StartAsync(
            static web => web.TenantFromHeader("X-Tenant"),
            services =>
            {
                if (late)
                    services.AddScoped<ITenantResolver, LateAsking>();
                else
                    services.AddScoped<ITenantResolver, Asking>();
            },
            app => app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (InvalidOperationException failure)
                {
                    failures.Add(failure);
                    throw;
                }
            }));
        using var request = Request("header", "known", new HttpMethod(method), Guid.NewGuid());

        var response = await host.Client.SendAsync(request, Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        failures.ShouldHaveSingleItem().Message.ShouldContain("Inject IEventStore");
    }

    [Fact]
    public async Task A_resolver_may_ask_the_store_by_a_session_of_a_given_tenant()
    {
        await using var host = await StartAsync(
            static web => web.TenantFromHeader("X-Tenant"),
            static services => services.AddScoped<ITenantResolver, Reading>());
        var id = Guid.NewGuid();
        using var request = Request("header", "known", HttpMethod.Post, id);

        (await host.Client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();

        (await bank.FetchAsync(id, "known")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_names_two_tenants_is_answered_with_400_and_the_resolver_is_not_asked()
    {
        await using var host = await StartAsync(
            static web => web.TenantFromHeader("X-Tenant"),
            services => services.AddSingleton<ITenantResolver>(new Resolver(Task.FromException(new NotSupportedException()))));
        await using var unresolved = await StartAsync(static web => web.TenantFromHeader("X-Tenant"));

        foreach (var application in (WebHost[])[host, unresolved])
        {
            // A client of .NET joins the lines.
            using var client = new TcpClient();
            await client.ConnectAsync(application.Address.Host, application.Address.Port, Cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /{Guid.NewGuid()} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\nContent-Length: 0\r\n"
                        + "X-Tenant: known\r\nX-Tenant: lost\r\n\r\n"),
                Cancellation);
            using var answer = new StreamReader(stream);
            var text = await answer.ReadToEndAsync(Cancellation);

            text.ShouldStartWith("HTTP/1.1 400");
            text.ShouldContain("#tenant-missing");
        }
    }

    [Fact]
    public void A_host_needs_a_star_for_the_tenant() =>
        Should.Throw<ArgumentException>(() => new EventStoreWebOptions().TenantFromHost("bank.example"));

    private Task<WebHost> StartAsync(
        Action<EventStoreWebOptions> configure, Action<IServiceCollection>? add = null, Action<WebApplication>? use = null) =>
        WebHost.StartAsync(
            bank,
            app =>
            {
                app.Use(static (context, next) =>
                {
                    if (context.Request.Headers["X-Claim"] is [{ } tenant])
                        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("tenant", tenant)], "test"));

                    return next(context);
                });
                app.UseRouting();
                use?.Invoke(app);
                foreach (var pattern in (string[])["/{id:guid}", "/of/{tenant}/{id:guid}"])
                {
                    app.MapPost(pattern, static (Guid id, IDocumentSession session) => { session.Events.Append(id, new MoneyMoved(1)); })
                        .WithUnitOfWork();
                    app.MapGet(pattern, static async (Guid id, IQuerySession session) =>
                        (await session.Events.FetchStreamAsync(id)).Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }
            },
            services =>
            {
                services.AddFluentEventStoreWeb(configure);
                add?.Invoke(services);
            });

    private static void From(EventStoreWebOptions web, string source)
    {
        _ = source switch
        {
            "header" => web.TenantFromHeader("X-Tenant"),
            "route" => web.TenantFromRoute("tenant"),
            "host" => web.TenantFromHost("*.bank.example"),
            _ => web.TenantFromClaim("tenant"),
        };
    }

    private static HttpRequestMessage Request(string source, string tenant, HttpMethod method, Guid id)
    {
        var request = new HttpRequestMessage(method, source == "route" ? $"/of/{tenant}/{id}" : $"/{id}");
        if (source == "header")
            request.Headers.Add("X-Tenant", tenant);
        else if (source == "host")
            request.Headers.Host = $"{tenant}.bank.example:80";
        else if (source == "claim")
            request.Headers.Add("X-Claim", tenant);

        return request;
    }

    private static async Task<string> ProblemOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString()!;

    private sealed class Resolver(Task answer) : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken)
        {
            await answer.WaitAsync(cancellationToken);
            return name switch
            {
                "known" => TenantResolution.Of("id of known"),
                "closed" => TenantResolution.Disabled("closed"),
                _ => TenantResolution.Unknown,
            };
        }
    }

    private sealed class Asking(IQuerySession session) : ITenantResolver
    {
        public ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken) =>
            new(TenantResolution.Of(session.TenantId));
    }

    private sealed class LateAsking(IServiceProvider services) : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return TenantResolution.Of(services.GetRequiredService<IDocumentSession>().TenantId);
        }
    }

    private sealed class Reading(IEventStore store) : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken)
        {
            await using var session = store.OpenQuerySession();
            return await session.Events.FetchStreamStateAsync(name, cancellationToken) is null
                ? TenantResolution.Of(name)
                : TenantResolution.Unknown;
        }
    }
}
