using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>Checks the databases of a store one after the other, and answers with the worst that it finds.</summary>
internal abstract class StoreCheck(EventStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var worst = default(HealthCheckResult?);
            foreach (var database in await store.ListDatabasesAsync(cancellationToken).ConfigureAwait(false))
            {
                var result = await CheckSafelyAsync(database, context.Registration.FailureStatus, cancellationToken).ConfigureAwait(false);
                if (worst is null || result.Status < worst.Value.Status)
                    worst = result;
            }

            return worst ?? HealthCheckResult.Healthy("There is no tenant.");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }

    protected abstract Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken);

    private async Task<HealthCheckResult> CheckSafelyAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        HealthCheckResult result;
        try
        {
            result = await CheckAsync(database, failureStatus, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            result = new HealthCheckResult(failureStatus, failure.Message, failure);
        }

        return database.Owner is { } tenantId && result.Status != HealthStatus.Healthy
            ? new HealthCheckResult(result.Status, $"Tenant {tenantId}: {result.Description}", result.Exception, result.Data)
            : result;
    }
}
