using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Tenants;

/// <summary>The tenant stands in a claim of the user, who is known only once the request is authenticated.</summary>
public sealed class TenantOfUserTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData("/unit"), InlineData("/plain")]
    public async Task A_session_that_is_opened_before_the_user_is_known_is_refused_where_another_source_would_name_its_tenant(string path)
    {
        List<Exception?> early = [];
        await using var host = await StartAsync(
            static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant"),
            before: app => app.Use((context, next) =>
            {
                early.Add(Record.Exception(() => { _ = context.RequestServices.GetRequiredService<IQuerySession>(); }));
                return next(context);
            }));

        (await AskAsync(host, path, claim: "acme", header: "other")).ShouldBe((HttpStatusCode.OK, "acme"));

        early.ShouldHaveSingleItem().ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("claim");
    }

    [Theory, InlineData("/unit"), InlineData("/plain")]
    public async Task A_request_whose_tenant_was_missing_before_its_user_was_known_works_for_that_of_the_user(string path)
    {
        List<Exception?> early = [];
        await using var host = await StartAsync(
            static web => web.TenantFromClaim("tenant"),
            before: app => app.Use((context, next) =>
            {
                early.Add(Record.Exception(() => { _ = context.RequestServices.GetRequiredService<IQuerySession>(); }));
                return next(context);
            }));

        (await AskAsync(host, path, claim: "acme")).ShouldBe((HttpStatusCode.OK, "acme"));

        early.ShouldHaveSingleItem().ShouldBeOfType<TenantMissingException>();
    }

    [Theory, InlineData("/unit"), InlineData("/plain")]
    public async Task A_user_without_the_claim_works_for_the_tenant_of_the_next_source_once_it_is_sure(string path)
    {
        await using var host = await StartAsync(
            static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant"), behind: static app => app.UseEventStoreTenants());
        await using var unsure = await StartAsync(static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant"));

        (await AskAsync(host, path, header: "other")).ShouldBe((HttpStatusCode.OK, "other"));
        var (status, answer) = await AskAsync(unsure, path, header: "other");
        status.ShouldBe(path == "/unit" ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, answer);
    }

    [Theory, InlineData("/unit", false), InlineData("/plain", true)]
    public async Task A_request_whose_sessions_work_for_another_tenant_than_its_user_is_refused(string path, bool hasMiddleware)
    {
        await using var host = await StartAsync(
            static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant"),
            before: static app =>
            {
                // Too early: it takes the user for known.
                app.UseEventStoreTenants();
                app.Use(static (context, next) =>
                {
                    context.RequestServices.GetRequiredService<IQuerySession>().TenantId.Value.ShouldBe("other");
                    return next(context);
                });
            },
            behind: app =>
            {
                if (hasMiddleware)
                    app.UseEventStoreTenants();
            });

        (await AskAsync(host, path, claim: "acme", header: "other")).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await AskAsync(host, path, claim: "other", header: "other")).ShouldBe((HttpStatusCode.OK, "other"));
    }

    [Fact]
    public async Task A_transformation_of_claims_that_asks_for_a_session_does_not_settle_the_tenant()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app =>
            {
                app.UseAuthentication();
                app.MapGet("/", static (IDocumentSession session) => $"{session.TenantId} {session.UserName}").WithUnitOfWork();
            },
            static services =>
            {
                services.AddAuthentication("ada").AddScheme<AuthenticationSchemeOptions, AdaOfAcme>("ada", null);
                services.AddScoped<IClaimsTransformation, Asking>();
                services.AddFluentEventStoreWeb(static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant"));
            });

        (await AskAsync(host, "/", header: "other")).ShouldBe((HttpStatusCode.OK, "acme ada"));
    }

    private Task<WebHost> StartAsync(
        Action<EventStoreWebOptions> configure, Action<WebApplication>? before = null, Action<WebApplication>? behind = null) =>
        WebHost.StartAsync(
            bank,
            app =>
            {
                before?.Invoke(app);
                app.Use(static (context, next) =>
                {
                    if (context.Request.Headers["X-Claim"] is [{ } tenant])
                        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("tenant", tenant)], "test"));

                    return next(context);
                });
                behind?.Invoke(app);
                app.MapGet("/unit", static (IDocumentSession session) => session.TenantId.Value).WithUnitOfWork();
                app.MapGet("/plain", static (IQuerySession session) => session.TenantId.Value);
            },
            services => services.AddFluentEventStoreWeb(configure));

    private static async Task<(HttpStatusCode Status, string Answer)> AskAsync(
        WebHost host, string path, string? claim = null, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, path));
        if (claim is not null)
            request.Headers.Add("X-Claim", claim);

        if (header is not null)
            request.Headers.Add("X-Tenant", header);

        using var response = await host.Client.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class Asking(IServiceProvider services) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            Should.Throw<InvalidOperationException>(() => services.GetRequiredService<IQuerySession>());
            return Task.FromResult(principal);
        }
    }
}
