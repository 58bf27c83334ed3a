using System.Net;
using FluentEventStore.PostgresTests;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transfers_are_carried_out_once_while_the_database_stops_and_starts()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 },
            $"{LocalPostgres.EnvironmentVariable} names a server, and this test stops its own: unset it.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("server") };
        var postgres = await LocalPostgres.StartAsync(options, Cancellation);
        try
        {
            // A started server has another port each time; the bank knows the proxy's.
            await using var proxy = new TcpProxy(postgres.ConnectionString);
            await using var bank = await BankProcess.StartAsync(proxy.ConnectionString + ";Maximum Pool Size=20;Timeout=10");
            var accounts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Customer.OpenAsync(bank.Client, deposit: 1000)));
            var traffic = new Traffic(bank.Client, accounts);
            var transferring = traffic.RunAsync(LongForm.Of(16, 100), seed);
            for (var outage = 0; outage < LongForm.Of(2, 10); outage++)
            {
                await UntilAsync(() => traffic.Done.Count, more: 50);
                await postgres.DisposeAsync();
                await UntilAsync(() => traffic.Count(HttpStatusCode.ServiceUnavailable), more: 20);
                postgres = await LocalPostgres.StartAsync(options, Cancellation);
                proxy.LeadTo(postgres.ConnectionString);
            }

            await UntilAsync(() => traffic.Done.Count, more: 50);
            traffic.End();
            await transferring.WaitAsync(TimeSpan.FromSeconds(120), Cancellation);

            TestContext.Current.TestOutputHelper?.WriteLine(traffic.ToString());
            await traffic.CheckAsync();
            (await Customer.BalancesAsync(bank.Client, accounts)).Sum().ShouldBe(12 * 1000);

            async Task UntilAsync(Func<int> count, int more)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
                patience.CancelAfter(TimeSpan.FromSeconds(120));
                for (var enough = count() + more; count() < enough; await Task.Delay(5, patience.Token))
                    transferring.IsFaulted.ShouldBeFalse(transferring.Exception?.ToString());
            }
        }
        finally
        {
            await postgres.DisposeAsync();
        }
    }
}
