using Bank.Accounts;
using FluentEventStore;

namespace Bank.Fraud;

/// <summary>
/// Looks at withdrawals while they happen. It takes them itself, several accounts at a time; whoever else opens the subscription, in this
/// process or another, gets a share of the accounts.
/// </summary>
internal sealed partial class FraudWatch(IEventStore store, ILogger<FraudWatch> logger) : BackgroundService
{
    private const int Accounts = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new SubscriptionOptions
        {
            Filter = new EventFilter().OfType<MoneyWithdrawn>(),
            Partition = Partition.ByStream, // An account is a stream: of each, one withdrawal is out at a time.
            Concurrency = Accounts,
        };
        await using var withdrawals = await store.Subscriptions.OpenAsync("fraud-watch", options, stoppingToken);
        await Parallel.ForEachAsync(
            withdrawals.ReadAsync(stoppingToken),
            new ParallelOptions { MaxDegreeOfParallelism = Accounts, CancellationToken = stoppingToken },
            AnswerAsync);
    }

    private async ValueTask AnswerAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await (await TryLookAsync(delivery.Event, cancellationToken)
                ? delivery.AckAsync(cancellationToken)
                : delivery.RetryAsync(TimeSpan.FromSeconds(delivery.Attempt), cancellationToken));
        }
        catch (FencedException)
        {
            // The account is watched elsewhere by now, where the withdrawal comes again.
        }
    }

    private async Task<bool> TryLookAsync(IEvent withdrawal, CancellationToken cancellationToken)
    {
        try
        {
            if (withdrawal is IEvent<MoneyWithdrawn> { Data.Amount: >= Suspicion.LargeAmount })
                await LookAsync(withdrawal, cancellationToken);

            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LookFailed(logger, withdrawal.StreamId, failure);
            return false;
        }
    }

    // What is reported is an event of the account: a withdrawal that comes twice finds it there. On a conflict it is decided again.
    private async Task LookAsync(IEvent withdrawal, CancellationToken cancellationToken)
    {
        var options = new ExecutionOptions
        {
            TenantId = withdrawal.TenantId,
            CorrelationId = withdrawal.CorrelationId,
            CausationId = withdrawal.Id.ToString(),
        };
        var commit = await store.ExecuteAsync<Suspicion>(
            withdrawal.StreamId,
            static (suspicion, _) => suspicion is { MustBeReported: true } ? [new FraudSuspected(suspicion.LargeWithdrawals)] : [],
            options,
            cancellationToken);
        if (commit.Position > 0)
            Suspected(logger, withdrawal.TenantId, withdrawal.StreamId);
    }

    [LoggerMessage(1, LogLevel.Warning, "Fraud is suspected in the {Branch}: large withdrawals in a row from account {Account}.")]
    private static partial void Suspected(ILogger logger, TenantId branch, StreamId account);

    [LoggerMessage(2, LogLevel.Error, "A withdrawal from account {Account} could not be looked at. It comes again.")]
    private static partial void LookFailed(ILogger logger, StreamId account, Exception failure);
}
