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

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_session_that_was_opened_before_the_user_was_known_writes_for_the_user_in_a_unit_of_work(bool addsWeb)
    {
        await using var host = await StartAsync(isUnit: true, services =>
        {
            if (addsWeb)
                services.AddFluentEventStoreWeb();
        });

        (await host.Client.GetStringAsync(host.Address + "?opened=true", Cancellation)).ShouldBe("default ada");
    }

    [Fact]
    public async Task A_tenant_that_a_middleware_set_is_that_of_the_unit_of_work()
    {
        await using var host = await StartAsync(isUnit: true, static _ => { });

        (await host.Client.GetStringAsync(host.Address + "?tenant=acme", Cancellation)).ShouldBe("acme ada");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_application_that_is_told_of_saves_too_hides_none_from_the_request(bool addsWeb)
    {
        List<Commit> told = [];
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapPost("/{id}", static async (Guid id, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
                await session.SaveChangesAsync();
                throw new StreamNotFoundException("other");
            }).WithUnitOfWork(),
            services =>
            {
                if (addsWeb)
                    services.AddFluentEventStoreWeb();

                services.AddSingleton<IConfigureSessions>(new Setting(options => options.Saved = told.Add));
            });

        using var response = await host.Client.PostAsync($"/{Guid.NewGuid()}", content: null, Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("#partly-carried-out");
        told.ShouldHaveSingleItem();
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

                if (context.Request.Query["opened"] == "true")
                    _ = context.RequestServices.GetRequiredService<IDocumentSession>();

                if (context.Request.Query["tenant"] is [{ } tenant])
                    context.RequestServices.GetRequiredService<IEventStoreSessions>().Options.TenantId = tenant;

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
