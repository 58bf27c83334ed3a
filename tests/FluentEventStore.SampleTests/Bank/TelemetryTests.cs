using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace FluentEventStore.SampleTests.Bank;

[Collection(nameof(WatchedBank))]
public sealed class TelemetryTests(WatchedBank bank) : IClassFixture<WatchedBank>
{
    private static readonly Guid AdasAccount = Guid.Parse("aa000000-0000-0000-0000-000000000001");
    private static readonly Guid BobsAccount = Guid.Parse("bb000000-0000-0000-0000-000000000001");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_the_parent_of_what_it_fetches_and_saves_and_those_of_their_statements()
    {
        var transferred = await TraceAsync(HttpMethod.Put, $"/transfers/{Guid.NewGuid()}", Transfer(amount: 30), HttpStatusCode.OK);
        var refused = await TraceAsync(
            HttpMethod.Post, $"/accounts/{AdasAccount}/withdrawals", new { amount = 1000 }, HttpStatusCode.UnprocessableEntity);
        var read = await TraceAsync(HttpMethod.Get, $"/accounts/{BobsAccount}", null, HttpStatusCode.OK);

        var save = Under(transferred, "save").ShouldHaveSingleItem();
        save.GetTagItem(EventStoreTelemetry.EventsTag).ShouldBe(2);
        save.GetTagItem(EventStoreTelemetry.StreamsTag).ShouldBe(2);
        save.GetTagItem(EventStoreTelemetry.TenantTag).ShouldBe("north");
        save.GetTagItem(EventStoreTelemetry.SchemaTag).ShouldBe("bank");
        Statements(save).ShouldHaveSingleItem();
        Under(transferred, "fetch").Count.ShouldBe(3);

        Under(refused, "fetch").ShouldAllBe(fetch => Statements(fetch).Count == 1);
        Under(refused, "save").ShouldBeEmpty();

        Statements(Under(read, "fetch").ShouldHaveSingleItem()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Requests_that_are_saved_together_have_one_commit_that_links_to_each_of_them()
    {
        Activity? combined = null;
        for (var attempt = 0; combined is null; attempt++)
        {
            attempt.ShouldBeLessThan(50);
            await Task.WhenAll(Enumerable.Range(0, 32).Select(i => RegisterAsync($"/owners/{Guid.NewGuid()}", $"Owner {i}")));
            combined = bank.Spans().FirstOrDefault(static span => Operation(span) == "commit" && span.Links.Count() > 1);
        }

        combined.Parent.ShouldBeNull();
        combined.ParentSpanId.ShouldBe(default);
        combined.GetTagItem(EventStoreTelemetry.UnitsTag).ShouldBe(combined.Links.Count());
        Statements(combined).ShouldNotBeEmpty();
        foreach (var link in combined.Links)
        {
            var save = bank.Spans().Where(span => span.SpanId == link.Context.SpanId).ShouldHaveSingleItem();
            Operation(save).ShouldBe("save");
            save.Links.ShouldContain(back => back.Context.SpanId == combined.SpanId);
            bank.Spans().ShouldContain(span => span.SpanId == save.ParentSpanId && span.Source.Name == "Microsoft.AspNetCore");
        }
    }

    [Fact]
    public async Task What_the_bank_did_is_measured()
    {
        string[] counters =
        [
            "fluenteventstore.units.saved",
            "fluenteventstore.events.appended",
            "fluenteventstore.units.failed",
            "fluenteventstore.conflicts",
        ];
        var before = counters.Select(bank.Measured).ToList();
        var replayed = bank.Measured("fluenteventstore.fetch.replayed_events");

        for (var i = 0; i < 5; i++)
            await TraceAsync(HttpMethod.Put, $"/transfers/{Guid.NewGuid()}", Transfer(amount: 1), HttpStatusCode.OK);

        var owner = $"/owners/{Guid.NewGuid()}";
        await RegisterAsync(owner, "Grace");
        await TraceAsync(HttpMethod.Post, owner, new { name = "Grace", email = "grace@example.org" }, HttpStatusCode.Conflict);
        await TraceAsync(HttpMethod.Get, $"/accounts/{AdasAccount}/statement", null, HttpStatusCode.OK);

        counters.Select((name, i) => bank.Measured(name) - before[i]).ShouldBe([6, 11, 1, 1]);
        (bank.Measured("fluenteventstore.fetch.replayed_events") - replayed).ShouldBeGreaterThanOrEqualTo(6);
        bank.Measured("fluenteventstore.save.duration").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task No_span_and_no_message_holds_personal_data_or_what_is_in_the_connection_string()
    {
        const string name = "Somebody whom nobody may see";
        var owner = $"/owners/{Guid.NewGuid()}";
        await RegisterAsync(owner, name);
        await TraceAsync(HttpMethod.Post, owner, new { name, email = "nobody@example.org" }, HttpStatusCode.Conflict);
        await TraceAsync(HttpMethod.Get, owner, null, HttpStatusCode.OK);

        bank.Messages.ShouldNotBeEmpty();
        foreach (var secret in (string[])[name, "nobody@example.org", WatchedBank.Secret])
        {
            bank.Messages.ShouldNotContain(message => message.Contains(secret, StringComparison.Ordinal));
            bank.Spans().SelectMany(Texts).ShouldNotContain(text => text.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static object Transfer(decimal amount) => new { from = AdasAccount, to = BobsAccount, amount };

    private static string? Operation(Activity span) =>
        span.Source.Name == EventStoreTelemetry.Name ? (string?)span.GetTagItem("db.operation.name") : null;

    private static IEnumerable<string> Texts(Activity span) =>
    [
        span.DisplayName, span.StatusDescription ?? "",
        .. span.TagObjects.Concat(span.Events.SelectMany(static e => e.Tags)).Select(static tag => $"{tag.Key}={tag.Value}"),
    ];

    private List<Activity> Under(Activity parent, string operation) => [.. Children(parent).Where(span => Operation(span) == operation)];

    private List<Activity> Statements(Activity parent) => [.. Children(parent).Where(static span => span.Source.Name == "Npgsql")];

    private IEnumerable<Activity> Children(Activity parent) => bank.Spans().Where(span => span.ParentSpanId == parent.SpanId);

    private Task<Activity> RegisterAsync(string path, string name) =>
        TraceAsync(HttpMethod.Post, path, new { name, email = $"{name.Split(' ')[0]}@example.org" }, HttpStatusCode.Created);

    /// <summary>Sends a request, and waits for the span of its handling.</summary>
    private async Task<Activity> TraceAsync(HttpMethod method, string path, object? body, HttpStatusCode expected)
    {
        // Sampled by the caller: what it sends is the parent of the request's span.
        var caller = ActivitySpanId.CreateRandom();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{caller}-01");
        request.Content = body is null ? null : JsonContent.Create(body);
        using (var answer = await bank.Http.SendAsync(request, Cancellation))
            answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync(Cancellation));

        // The span of a request ends after its answer was sent.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (bank.Spans().FirstOrDefault(span => span.ParentSpanId == caller) is { } handled)
                return handled;

            await Task.Delay(5, patience.Token);
        }
    }
}
