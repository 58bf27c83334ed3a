using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class RefusalTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_no_account_can_hold_is_refused_and_changes_nothing()
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString());
        var account = await Customer.OpenAsync(bank.Client, deposit: 999_999_999_999);

        (await PostAsync(bank.Client, $"/accounts/{account}/deposits", new { amount = decimal.MaxValue })).ShouldBe(422);
        (await PostAsync(bank.Client, $"/accounts/{account}/deposits", new { amount = 2 })).ShouldBe(422);
        (await PostAsync(bank.Client, $"/accounts/{account}/interest", new { month = "2030-01", rate = 1e20 })).ShouldBe(422);
        (await PostAsync(bank.Client, $"/accounts/{account}/interest", new { month = "2030-01", rate = 0.01 })).ShouldBe(422);
        (await PostAsync(bank.Client, $"/accounts/{Customer.Ada}/deposits", new { amount = 1 })).ShouldBe(422, "an owner is no account");
        (await Customer.TransferAsync(bank.Client, new Order(Guid.NewGuid(), Customer.AdasAccount, account, 2)))
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Customer.BalancesAsync(bank.Client, [account, Customer.AdasAccount])).ShouldBe([999_999_999_999, 100]);

        (await PostAsync(bank.Client, $"/accounts/{account}/deposits", new { amount = 1 })).ShouldBe(200);
        (await PostAsync(bank.Client, $"/accounts/{Customer.AdasAccount}/interest", new { month = "2030-01", rate = 1 })).ShouldBe(200);
        (await Customer.BalancesAsync(bank.Client, [account, Customer.AdasAccount])).ShouldBe([1_000_000_000_000, 200]);
    }

    [Theory]
    [InlineData("/accounts/{0}", """{"currency":"EUR"}""")]
    [InlineData("/accounts/{0}", """{"ownerId":"0a000000-0000-0000-0000-000000000001","currency":null}""")]
    [InlineData("/owners/{0}", """{"name":"Eve"}""")]
    [InlineData("/owners/{0}", "{")]
    public async Task What_is_missing_is_told_and_nothing_is_written(string path, string body)
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString());
        var id = Guid.NewGuid();

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await bank.Client.PostAsync(string.Format(CultureInfo.InvariantCulture, path, id), content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var written = await bank.Client.GetAsync($"/accounts/{id}/events", Cancellation);
        written.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<int> PostAsync<T>(HttpClient client, string path, T command)
    {
        using var answer = await client.PostAsJsonAsync(path, command, Cancellation);
        return (int)answer.StatusCode;
    }
}
