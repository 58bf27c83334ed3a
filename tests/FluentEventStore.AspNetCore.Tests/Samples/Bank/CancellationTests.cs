using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class CancellationTests(PostgresServer server)
{
    private const int MaxPoolSize = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_request_writes_nothing_and_leaves_no_connection_behind()
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString(MaxPoolSize));
        await using (var connection = await database.Source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using (var locking = new NpgsqlCommand("select from bank.streams for update", connection, transaction))
                await locking.ExecuteNonQueryAsync(Cancellation);

            // More than the pool has, one after the other, each in the middle of its statement.
            for (var request = 0; request < 3 * MaxPoolSize; request++)
            {
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
                var answering = TransferAsync(bank.Client, Guid.NewGuid(), gone.Token);
                await database.WaitForAsync("wait_event_type = 'Lock'", count: 1);
                await gone.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(answering);

                // While the lock is still held, nobody waits for it any more.
                await database.WaitForAsync("(wait_event_type = 'Lock' or state = 'active')", count: 0);
            }
        }

        await database.WaitForAsync("state <> 'idle'", count: 0);
        (await Customer.BalancesAsync(bank.Client, [Customer.AdasAccount])).ShouldBe([100m]);

        // Each of them needs a connection of the pool.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 10 * MaxPoolSize).Select(async _ =>
        {
            using var answer = await bank.Client.GetAsync($"/accounts/{Customer.AdasAccount}", Cancellation);
            return answer.StatusCode;
        }));
        statuses.ShouldAllBe(static status => status == HttpStatusCode.OK);
        using var last = await TransferAsync(bank.Client, Guid.NewGuid(), Cancellation);
        last.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Customer.EventsAsync(bank.Client, Customer.AdasAccount, "money-sent")).Count.ShouldBe(1);
    }

    private static Task<HttpResponseMessage> TransferAsync(HttpClient client, Guid id, CancellationToken cancellationToken) =>
        client.PutAsJsonAsync(
            $"/transfers/{id}", new { from = Customer.AdasAccount, to = Customer.BobsAccount, amount = 1 }, cancellationToken);
}
