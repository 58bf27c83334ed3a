using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>Whether the database holds what the store needs.</summary>
internal sealed class SchemaCheck(EventStore store) : StoreCheck(store)
{
    protected override async Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var report = await database.Schema.AssertAsync(cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Healthy("The schema is up to date.", new Dictionary<string, object> { ["drift"] = report.Drift.Count });
    }
}
