using System.Security.Claims;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>Requests that nobody expects.</summary>
public sealed class OddRequestTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_resolver_may_read_the_store_by_a_session()
    {
        await using var host = await StartAsync(
            static app => app.MapGet("/", static (IDocumentSession session) => session.TenantId.Value).WithUnitOfWork(),
            static services => services.AddFluentEventStoreWeb(static web => web.TenantFromHeader("X-Tenant"))
                .AddScoped<ITenantResolver, ReadingResolver>());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Tenant", "acme" } } };

        using var response = await host.Client.SendAsync(request, Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        ((int)response.StatusCode).ShouldBeGreaterThan(0, "any answer will do");
    }

    [Fact]
    public async Task A_session_that_is_opened_before_the_user_is_known_does_not_settle_the_tenant()
    {
        await using var host = await StartAsync(
            static app =>
            {
                app.Use(static (context, next) =>
                {
                    _ = context.RequestServices.GetRequiredService<IQuerySession>();
                    return next(context);
                });
                app.Use(static (context, next) =>
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("tenant", "acme")], "test"));
                    return next(context);
                });
                app.MapGet("/", static (IDocumentSession session) => session.TenantId.Value).WithUnitOfWork();
            },
            static services => services.AddFluentEventStoreWeb(static web => web.TenantFromClaim("tenant").TenantFromHeader("X-Tenant")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Tenant", "other" } } };

        using var response = await host.Client.SendAsync(request, Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotBe("other");
    }

    private Task<WebHost> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? add = null) =>
        WebHost.StartAsync(bank, map, services =>
        {
            services.ConfigureHttpJsonOptions(static json =>
                json.SerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver()));
            add?.Invoke(services);
        });

    private sealed class ReadingResolver(IQuerySession session) : ITenantResolver
    {
        public async ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken) =>
            await session.Events.FetchStreamStateAsync(name, cancellationToken) is null
                ? TenantResolution.Of(name)
                : TenantResolution.Unknown;
    }
}
