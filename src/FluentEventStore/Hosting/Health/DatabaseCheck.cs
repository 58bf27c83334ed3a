using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>Whether the server answers.</summary>
internal sealed class DatabaseCheck(EventStore store) : StoreCheck(store)
{
    protected override async Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        await database.PingAsync(cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Healthy("The database answers.");
    }
}
