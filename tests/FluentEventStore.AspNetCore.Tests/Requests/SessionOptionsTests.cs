using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore.Tests.Requests;

/// <summary>For whom the sessions of a request work: what it says itself, then what the application sets.</summary>
public sealed class SessionOptionsTests(WebStore bank) : IClassFixture<WebStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<bool, bool?> Ways => new([false, true], [null, false, true]);

    [Theory, MemberData(nameof(Ways))]
    public async Task What_the_application_sets_for_all_scopes_sees_what_the_request_says_and_wins(bool isUnit, bool? addsWebFirst)
    {
        await using var host = await StartAsync(isUnit, services =>
        {
            if (addsWebFirst == true)
                services.AddFluentEventStoreWeb();

            services.AddSingleton<IConfigureSessions>(
                new Setting(static options => (options.TenantId, options.UserName) = ("acme", $"service for {options.UserName}")));
            if (addsWebFirst == false)
                services.AddFluentEventStoreWeb();
        });

        var expected = isUnit || addsWebFirst is not null ? "acme service for ada" : "acme service for ";
        (await host.Client.GetStringAsync(host.Address + "?early=false", Cancellation)).ShouldBe(expected);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Options_that_were_asked_for_before_the_user_was_known_have_the_user_in_a_unit_of_work(bool addsWeb)
    {
        await using var host = await StartAsync(isUnit: true, services =>
        {
            if (addsWeb)
                services.AddFluentEventStoreWeb();
        });

        (await host.Client.GetStringAsync(host.Address + "?early=true", Cancellation)).ShouldBe("default ada");
    }

    public static TheoryData<string> UnstorableNames => ["a\0b", new string('u', 8_001), "\ud800"];

    [Theory, MemberData(nameof(UnstorableNames))]
    public async Task A_user_whose_name_cannot_be_stored_is_told_so(string name)
    {
        await using var host = await StartAsync(isUnit: true, static _ => { }, name);

        using var response = await host.Client.GetAsync(host.Address, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("#user-unstorable");
    }

    private Task<WebHost> StartAsync(bool isUnit, Action<IServiceCollection> add, string userName = "ada") => WebHost.StartAsync(
        bank,
        app =>
        {
            app.Use(static (context, next) =>
            {
                if (context.Request.Query["early"] == "true")
                    _ = context.RequestServices.GetRequiredService<IQuerySession>();

                return next(context);
            });
            app.Use((context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, userName)], "test"));
                return next(context);
            });
            var endpoint = app.MapGet("/", static (IDocumentSession session) => $"{session.TenantId} {session.UserName}");
            if (isUnit)
                endpoint.WithUnitOfWork();
        },
        add);

    private sealed class Setting(Action<SessionOptions> set) : IConfigureSessions
    {
        public void Configure(SessionOptions options) => set(options);
    }
}
