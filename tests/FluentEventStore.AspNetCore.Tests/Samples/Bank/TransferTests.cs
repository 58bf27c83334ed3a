using System.Net;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class TransferTests(PostgresServer server)
{
    private const int Accounts = 12;
    private const decimal Deposit = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Clients => LongForm.Of(32, 200);

    private static TimeSpan Duration => TimeSpan.FromSeconds(LongForm.Of(3, 20));

    [Fact]
    public async Task Money_is_neither_made_nor_lost_at_any_time_while_clients_transfer_it()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString(maxPoolSize: 20));
        var accounts = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(_ => Customer.OpenAsync(bank.Client, Deposit)));

        var traffic = new Traffic(bank.Client, accounts);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAsync(bank.Client, accounts, over.Token))).ToList();
        var transferring = traffic.RunAsync(Clients, seed);
        await Task.WhenAny(transferring, Task.Delay(Duration, Cancellation));
        traffic.End();
        await transferring.WaitAsync(TimeSpan.FromSeconds(120), Cancellation);
        await over.CancelAsync();
        var reads = await Task.WhenAll(reading).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        TestContext.Current.TestOutputHelper?.WriteLine($"{traffic}; {reads.Sum()} reads");
        traffic.Done.ShouldNotBeEmpty();
        traffic.Count(HttpStatusCode.ServiceUnavailable).ShouldBe(0);
        reads.ShouldAllBe(static count => count > 0);
        await traffic.CheckAsync();
    }

    /// <summary>All balances come from one statement, so a transfer is in both accounts or in none.</summary>
    private static async Task<int> ReadAsync(HttpClient client, Guid[] accounts, CancellationToken over)
    {
        var reads = 0;
        while (reads == 0 || !over.IsCancellationRequested)
        {
            var balances = await Customer.BalancesAsync(client, accounts);
            balances.Count.ShouldBe(Accounts);
            balances.Sum().ShouldBe(Accounts * Deposit);
            balances.ShouldAllBe(static balance => balance >= 0);
            reads++;
        }

        return reads;
    }
}
