using System.Net;
using System.Text.Json;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class ReadmeTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_page_says_is_answered_and_printed()
    {
        Calls.OfPage().Sum(static part => part.Calls.Count).ShouldBeGreaterThan(10);
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString());
        bank.Client.DefaultRequestHeaders.Clear();
        foreach (var (calls, printed) in Calls.OfPage())
        {
            foreach (var call in calls)
                await call.CheckAsync(bank.Client, Cancellation);

            foreach (var line in printed)
                await bank.WaitForLineAsync(line);
        }
    }

    [Fact]
    public void A_page_that_says_something_else_is_noticed()
    {
        var call = new CurlCall("GET", "/", [], Body: null, """{"id":"…","amount":1}""");

        call.Check(HttpStatusCode.OK, """{"amount": 1, "id": "5"}""");
        foreach (var wrong in (string[])["""{"id":"5","amount":2}""", """{"id":"5"}""", """{"id":"5","amount":1,"more":1}""", ""])
            Should.Throw<ShouldAssertException>(() => call.Check(HttpStatusCode.OK, wrong));

        Should.Throw<ShouldAssertException>(() => call.Check(HttpStatusCode.BadRequest, """{"id":"5","amount":1}"""));
    }

    [Fact]
    public async Task The_file_for_editors_calls_what_the_description_knows()
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString());
        using var description = JsonDocument.Parse(await bank.Client.GetStringAsync("/openapi/v1.json", Cancellation));
        var described = description.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .ToList();

        var called = Calls.OfEditorFile().ToList();

        described.Where(endpoint => !called.Any(call => Calls.IsCallOf(call, endpoint))).ShouldBeEmpty();
        called.Where(call => !described.Any(endpoint => Calls.IsCallOf(call, endpoint))).ShouldBeEmpty();
        (await bank.Client.GetStringAsync("/health", Cancellation)).ShouldBe("Healthy");
        (await bank.Client.GetStringAsync("/docs/", Cancellation)).ShouldContain("openapi/v1.json");
    }

    [Fact]
    public async Task Without_a_connection_string_it_brings_a_server_along_and_ends_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot be asked to end by a signal.");
        await using var bank = await BankProcess.StartAsync(connectionString: null);
        (await Customer.BalancesAsync(bank.Client, [Customer.AdasAccount])).ShouldBe([100m]);

        (await bank.EndAsync()).ShouldBe(0);
    }
}
