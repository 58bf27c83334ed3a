using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class StartTests(PostgresServer server)
{
    private const string HangingName = "a bank that hangs";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_banks_that_start_at_once_on_an_empty_database_all_come_up_and_each_branch_is_seeded_once()
    {
        await using var database = await BankDatabase.CreateAsync(server);
        var banks = Enumerable.Range(0, 10).Select(_ => BankProcess.Begin(database.ConnectionString(maxPoolSize: 5))).ToList();
        try
        {
            await Task.WhenAll(banks.Select(static bank => bank.WaitForStartAsync()));

            foreach (var bank in banks)
                (await Customer.BalancesAsync(bank.Client, [Customer.AdasAccount])).ShouldBe([100m]);

            (await CountAsync(database, "select count(*) from bank.seeds")).ShouldBe(2);
        }
        finally
        {
            foreach (var bank in banks)
                await bank.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_bank_that_hangs_while_it_changes_the_schema_makes_the_others_fail_with_its_name_until_it_is_gone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot be stopped by a signal.");
        await using var database = await BankDatabase.CreateAsync(server);
        var named = new NpgsqlConnectionStringBuilder(database.ConnectionString()) { ApplicationName = HangingName };
        await using var hanging = await StopInTheMiddleAsync(database, named.ConnectionString);

        string[] patience = ["--FluentEventStore:Startup:SchemaPatience=00:00:02"];
        var others = Enumerable.Range(0, 3).Select(_ => BankProcess.Begin(database.ConnectionString(), patience)).ToList();
        foreach (var other in others)
        {
            var failure = await Should.ThrowAsync<InvalidOperationException>(other.WaitForStartAsync);
            failure.Message.ShouldContain(nameof(SchemaLockedException));
            failure.Message.ShouldContain(HangingName);
            (await other.WaitForEndAsync()).ShouldNotBe(0);
            await other.DisposeAsync();
        }

        await hanging.SignalAsync("KILL");
        await using var next = await BankProcess.StartAsync(database.ConnectionString());
        (await Customer.BalancesAsync(next.Client, [Customer.AdasAccount])).ShouldBe([100m]);
    }

    /// <summary>Starts a bank, and stops its process while its transaction holds the lock of the schema.</summary>
    private static async Task<WebProcess> StopInTheMiddleAsync(BankDatabase database, string connectionString)
    {
        // Whoever creates the same schema waits for the end of this transaction.
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var creating = new NpgsqlCommand("create schema bank", connection, transaction))
            await creating.ExecuteNonQueryAsync(Cancellation);

        var hanging = BankProcess.Begin(connectionString);
        await database.WaitForAsync($"wait_event_type = 'Lock' and application_name = '{HangingName}'", count: 1);
        await hanging.SignalAsync("STOP");
        await transaction.RollbackAsync(Cancellation);
        await database.WaitForAsync($"state = 'idle in transaction' and application_name = '{HangingName}'", count: 1);
        return hanging;
    }

    private static async Task<long> CountAsync(BankDatabase database, string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
