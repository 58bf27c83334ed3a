using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Problems;

public sealed class ProblemTests(WebStore bank) : IClassFixture<WebStore>
{
    private static readonly Dictionary<string, (Exception Failure, HttpStatusCode Status, string Members)> Known = new()
    {
        ["stream-version-conflict"] = (
            new StreamVersionConflictException("s", ExpectedVersion.Exactly(2), 3), HttpStatusCode.Conflict, "stream expected actual"),
        ["document-conflict"] = (
            new DocumentConflictException(typeof(Customer), Guid.NewGuid(), 2, 3), HttpStatusCode.Conflict, "document id expected actual"),
        ["reservation-conflict"] = (
            new ReservationConflictException("email", "a", "s", "other", TenantId.Default), HttpStatusCode.Conflict, "name value stream"),
        ["natural-key-taken"] = (
            new DuplicateNaturalKeyException("order", "a", "s", "other", TenantId.Default),
            HttpStatusCode.Conflict,
            "aggregate key stream"),
        ["natural-key-not-found"] = (
            new NaturalKeyNotFoundException("order", "a"), HttpStatusCode.NotFound, "aggregate key"),
        ["boundary-conflict"] = (new BoundaryConflictException("tag", 7), HttpStatusCode.Conflict, "query position"),
        ["stream-exists"] = (new StreamAlreadyExistsException("s", 3), HttpStatusCode.Conflict, "stream expected actual"),
        ["document-exists"] = (
            new DocumentAlreadyExistsException(typeof(Customer), Guid.NewGuid()), HttpStatusCode.Conflict, "document id"),
        ["duplicate-event"] = (new DuplicateEventException([Guid.NewGuid()]), HttpStatusCode.Conflict, ""),
        ["stream-archived"] = (new StreamArchivedException("s"), HttpStatusCode.Conflict, "stream"),
        ["link-refused"] = (
            new LinkRefusedException("s", Guid.NewGuid(), LinkFault.EventMissing), HttpStatusCode.Conflict, "stream event fault"),
        ["precondition-failed"] = (
            new PreconditionFailedException("If-Match: \"1\"", 3), HttpStatusCode.PreconditionFailed, "expected actual"),
        ["stream-not-found"] = (new StreamNotFoundException("s"), HttpStatusCode.NotFound, "stream"),
        ["document-not-found"] = (
            new DocumentNotFoundException(typeof(Customer), Guid.NewGuid()), HttpStatusCode.NotFound, "document id"),
        ["aggregate-not-found"] = (UnshownException.OfAggregate("s", typeof(Account)), HttpStatusCode.NotFound, "stream aggregate"),
        ["stream-deleted"] = (new StreamDeletedException("s", isTombstoned: false), HttpStatusCode.NotFound, "stream"),
        ["stream-tombstoned"] = (new StreamDeletedException("s", isTombstoned: true), HttpStatusCode.Gone, "stream"),
        ["subject-forgotten"] = (new SubjectForgottenException("t", new SubjectId("ada")), HttpStatusCode.Gone, "subject"),
        ["unknown-tenant"] = (new UnknownTenantException("t"), HttpStatusCode.NotFound, "tenant"),
        ["tenant-disabled"] = (new TenantDisabledException("t"), HttpStatusCode.Forbidden, "tenant"),
        ["user-unstorable"] = (new UserNameException(new ArgumentException("secret")), HttpStatusCode.UnprocessableEntity, ""),
        ["tenant-missing"] = (new TenantMissingException(name: null), HttpStatusCode.BadRequest, ""),
        ["bad-request"] = (new BadHttpRequestException("too large", 413), HttpStatusCode.RequestEntityTooLarge, ""),
        ["event-unstorable"] = (
            new EventSerializationException(
                new EventLocation("money-moved", 1, "s", 0, 0), new JsonPlace("$.amount", "secret"), "NaN", new FormatException("NaN")),
            HttpStatusCode.UnprocessableEntity,
            "event path"),
        ["document-unstorable"] = (
            new DocumentSerializationException(
                typeof(Customer), Guid.NewGuid(), new JsonPlace("$.name", "secret"), "NUL", new FormatException("NUL")),
            HttpStatusCode.UnprocessableEntity,
            "document id path"),
        ["event-too-large"] = (
            new EventTooLargeException(new EventLocation("money-moved", 1, "s", 0, 0), 200, 100),
            HttpStatusCode.UnprocessableEntity,
            "event size limit"),
        ["aggregate-id"] = (
            new AggregateIdException("s", typeof(Account), Guid.NewGuid()), HttpStatusCode.UnprocessableEntity, "stream"),
        ["stream-truncation"] = (
            new StreamTruncationException("s", 7, 3), HttpStatusCode.UnprocessableEntity, "stream before actual"),
        ["outcome-unknown"] = (
            new CommitOutcomeUnknownException(new IOException("secret")), HttpStatusCode.ServiceUnavailable, "outcome"),
        ["carried-out"] = (UnshownException.CarriedOut(new IOException("secret")), HttpStatusCode.InternalServerError, "outcome"),
        ["partly-carried-out"] = (
            new UnshownException(Problem.PartlyCarriedOut, new IOException("secret")), HttpStatusCode.InternalServerError, "outcome"),
        ["busy"] = (new StreamLockedException("s", TimeSpan.FromSeconds(30)), HttpStatusCode.ServiceUnavailable, ""),
        ["database-unreachable"] = (
            new NpgsqlException("secret", new SocketException(1)), HttpStatusCode.ServiceUnavailable, ""),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Known.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_failure_is_answered_with_its_status_its_type_and_its_data(string name)
    {
        var (failure, status, members) = Known[name];
        await using var host = await ThrowAsync(failure);

        var response = await host.Client.PostAsync("/", content: null, Cancellation);

        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType.ShouldNotBeNull().MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("type").GetString().ShouldBe(EventStoreWebOptions.Default.ProblemTypes + name);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNull().ShouldNotBeEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldNotBeEmpty();
        problem.GetRawText().ShouldNotContain("secret");
        problem.EnumerateObject().Select(static member => member.Name).Except(["type", "title", "status", "detail", "traceId"])
            .ShouldBe(members.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
        response.Headers.RetryAfter.ShouldBe(
            status == HttpStatusCode.ServiceUnavailable ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(2)) : null);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_problem_is_the_same_with_the_services_of_the_application_and_in_development(string name)
    {
        var (failure, status, members) = Known[name];
        await using var host = await ThrowAsync(failure, static services => services.AddFluentEventStoreWeb(), "Development");

        var response = await host.Client.PostAsync("/", content: null, Cancellation);

        response.StatusCode.ShouldBe(status);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("type").GetString().ShouldBe(EventStoreWebOptions.Default.ProblemTypes + name);
        foreach (var member in members.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            problem.TryGetProperty(member, out _).ShouldBeTrue(member);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_page_of_problems_names_it(string name) =>
        Repository.Read("docs/reference/problems.md").ShouldContain($"\n## {name}\n");

    [Fact]
    public void The_page_of_problems_names_no_other()
    {
        var page = Repository.Read("docs/reference/problems.md");
        page.Split('\n').Where(static line => line.StartsWith("## ", StringComparison.Ordinal)).Select(static line => line[3..])
            .ShouldBe(Known.Keys, ignoreOrder: true);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png, text/*;q=0.5")]
    [InlineData("application/json")]
    public async Task The_status_does_not_depend_on_what_the_client_takes(string accept)
    {
        foreach (var name in (string[])["stream-version-conflict", "precondition-failed", "stream-not-found"])
        {
            var (failure, status, _) = Known[name];
            await using var host = await ThrowAsync(failure, static services => services.AddFluentEventStoreWeb());
            using var request = new HttpRequestMessage(HttpMethod.Post, "/");
            request.Headers.Add("Accept", accept);

            (await host.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(status);
        }
    }

    [Theory]
    [InlineData("If-Match", HttpStatusCode.PreconditionFailed)]
    [InlineData("If-None-Match", HttpStatusCode.PreconditionFailed)]
    [InlineData("If-Modified-Since", HttpStatusCode.Conflict)]
    public async Task A_conflict_is_a_failed_precondition_for_a_client_that_sent_one(string header, HttpStatusCode expected)
    {
        await using var host = await ThrowAsync(Known["stream-version-conflict"].Failure);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.TryAddWithoutValidation(header, "\"1-a\"");

        var response = await host.Client.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(expected);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("actual").GetInt64().ShouldBe(3);
        problem.GetProperty("expected").GetString().ShouldNotBeNull().ShouldNotBeEmpty();
        problem.GetProperty("status").GetInt32().ShouldBe((int)expected);
    }

    [Fact]
    public async Task What_the_handler_set_is_not_sent_with_the_problem_and_what_the_application_sets_is()
    {
        await using var host = await WebHost.StartAsync(bank, static app =>
        {
            app.Use(static (context, next) =>
            {
                context.Response.Headers["X-Application"] = "here";
                return next(context);
            });
            app.MapPost("/", static (HttpContext context) =>
            {
                context.Response.Headers["X-Handler"] = "here";
                context.Response.Headers.ETag = "\"1\"";
                context.Response.Headers.Location = "/created";
                context.Response.Headers["X-Application"] = "changed";
                context.Response.StatusCode = 201;
                throw new StreamArchivedException("s");
            }).WithUnitOfWork();
        });

        var response = await host.Client.PostAsync("/", content: null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        response.Headers.GetValues("X-Application").ShouldBe(["here"]);
        response.Headers.Contains("X-Handler").ShouldBeFalse();
        response.Headers.ETag.ShouldBeNull();
        response.Headers.Location.ShouldBeNull();
    }

    [Fact]
    public async Task An_application_maps_exceptions_of_its_own_and_those_of_the_store()
    {
        var options = (Action<EventStoreWebOptions>)(static web => web
            .MapException<NotSupportedException>(402, "Pay first", "urn:bank:unpaid")
            .MapException<StreamArchivedException>(423, "Closed"));
        await using var host = await ThrowAsync(
            new NotSupportedException("No money."), services => services.AddFluentEventStoreWeb(options));
        await using var other = await ThrowAsync(new StreamArchivedException("s"), services => services.AddFluentEventStoreWeb(options));

        var response = await host.Client.PostAsync("/", content: null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("type").GetString().ShouldBe("urn:bank:unpaid");
        problem.GetProperty("detail").GetString().ShouldBe("No money.");
        (await other.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Locked);
    }

    [Fact]
    public async Task Of_several_exceptions_that_are_mapped_the_nearest_type_counts_in_whatever_order()
    {
        foreach (var options in (Action<EventStoreWebOptions>[])
            [
                static web => web.MapException<Exception>(418, "Any").MapException<FluentEventStoreException>(423, "Of the store"),
                static web => web.MapException<FluentEventStoreException>(423, "Of the store").MapException<Exception>(418, "Any"),
            ])
        {
            await using var near = await ThrowAsync(new StreamNotFoundException("s"), services => services.AddFluentEventStoreWeb(options));
            await using var far = await ThrowAsync(new NotSupportedException(), services => services.AddFluentEventStoreWeb(options));

            (await near.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe((HttpStatusCode)423);
            (await far.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe((HttpStatusCode)418);
        }
    }

    [Fact]
    public async Task A_mapping_of_all_exceptions_leaves_what_results_say()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapGet("/{id}", static (Guid id) => EventStoreResults.Aggregate<Account>(id)),
            static services => services.AddFluentEventStoreWeb(static web => web.MapException<Exception>(418, "Any")));
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new MoneyMoved(1));

        (await host.Client.GetAsync($"/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Client.GetAsync($"/{Guid.NewGuid()}", Cancellation)).StatusCode.ShouldBe((HttpStatusCode)418);
    }

    [Fact]
    public async Task Handlers_and_customizations_of_the_application_come_first()
    {
        await using var host = await ThrowAsync(
            Known["stream-not-found"].Failure,
            static services => services.AddSingleton<IExceptionHandler, Teapot>().AddFluentEventStoreWeb());
        await using var other = await ThrowAsync(
            Known["stream-not-found"].Failure,
            static services => services
                .AddProblemDetails(static details => details.CustomizeProblemDetails = static context =>
                    context.ProblemDetails.Extensions["bank"] = context.Exception is StreamNotFoundException ? "of the exception" : "")
                .AddFluentEventStoreWeb());

        (await host.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe((HttpStatusCode)418);
        var problem = await (await other.Client.PostAsync("/", content: null, Cancellation)).Content
            .ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("bank").GetString().ShouldBe("of the exception");
    }

    [Fact]
    public async Task An_exception_of_the_store_anywhere_is_answered_where_the_application_uses_an_exception_handler()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app =>
            {
                app.UseExceptionHandler();
                app.MapPost("/", static () => { throw new StreamNotFoundException("s"); });
                app.MapPost("/unknown", static () => { throw new NotSupportedException("secret"); });
            },
            static services => services.AddFluentEventStoreWeb());

        (await host.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var unknown = await host.Client.PostAsync("/unknown", content: null, Cancellation);

        unknown.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await unknown.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_stored_value_that_cannot_be_read_is_not_the_clients_fault()
    {
        await using var host = await ThrowAsync(new DocumentSerializationException(
            typeof(Customer), Guid.NewGuid(), new JsonPlace("$.name", ""), "wrong", new FormatException()) { IsStored = true });

        (await host.Client.PostAsync("/", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_race_that_is_lost_at_the_commit_is_a_conflict_with_both_versions()
    {
        var id = Guid.NewGuid();
        await bank.AppendAsync(id, new AccountOpened("Ada"));
        await using var host = await WebHost.StartAsync(bank, app => app.MapPost("/", async (IDocumentSession session) =>
        {
            var account = await session.Events.FetchForWritingAsync<Account>(id);
            account.Append(new MoneyMoved(1));
            await bank.AppendAsync(id, new MoneyMoved(7));
        }).WithUnitOfWork());

        var response = await host.Client.PostAsync("/", content: null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("stream").GetString().ShouldBe(id.ToString());
        problem.GetProperty("expected").GetString().ShouldNotBeNull().ShouldContain("1");
        problem.GetProperty("actual").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_503_with_a_time_to_come_back()
    {
        await using var host = await WebHost.StartAsync(
            bank,
            static app => app.MapPost("/{id}", static (Guid id, IDocumentSession session) =>
            {
                session.Events.Append(id, new MoneyMoved(1));
            }).WithUnitOfWork(),
            static services => services.AddFluentEventStoreWeb(static web => web.RetryAfter = TimeSpan.FromSeconds(7)),
            static options => options.Connection("Host=127.0.0.1;Port=1;Username=app;Password=secret"));

        var response = await host.Client.PostAsync($"/{Guid.NewGuid()}", content: null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldBe(new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)));
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("127.0.0.1");
    }

    private Task<WebHost> ThrowAsync(Exception failure, Action<IServiceCollection>? add = null, string environment = "Production") =>
        WebHost.StartAsync(bank, app => app.MapPost("/", () => { throw failure; }).WithUnitOfWork(), add, environment: environment);

    private sealed class Teapot : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            httpContext.Response.StatusCode = 418;
            return new(true);
        }
    }
}
