using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class ConflictTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--Bank:RetryFor=00:00:00", new[] { HttpStatusCode.OK, HttpStatusCode.Conflict })]
    [InlineData("--Bank:RetryFor=00:00:30", new[] { HttpStatusCode.OK, HttpStatusCode.OK })]
    public async Task Of_two_withdrawals_at_the_same_time_one_is_refused_or_decided_again_as_configured(
        string setting, HttpStatusCode[] expected)
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var one = await BankProcess.StartAsync(database.ConnectionString(), setting);
        await using var other = await BankProcess.StartAsync(database.ConnectionString(), setting);

        // Both have decided over the same state when they wait for the lock.
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var locking = new NpgsqlCommand("select from bank.streams for update", connection, transaction))
            await locking.ExecuteNonQueryAsync(Cancellation);

        var answers = new[] { one, other }.Select(static bank => WithdrawAsync(bank.Client)).ToList();
        await database.WaitForAsync("wait_event_type = 'Lock'", count: 2);
        await transaction.RollbackAsync(Cancellation);
        var statuses = await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        statuses.ShouldBe(expected, ignoreOrder: true);
        var taken = 30 * expected.Count(static status => status == HttpStatusCode.OK);
        (await Customer.BalancesAsync(one.Client, [Customer.AdasAccount])).ShouldBe([100 - taken]);
    }

    private static async Task<HttpStatusCode> WithdrawAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync(
            $"/accounts/{Customer.AdasAccount}/withdrawals", new { amount = 30 }, Cancellation);
        return answer.StatusCode;
    }
}
