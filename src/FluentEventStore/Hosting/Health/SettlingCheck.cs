using System.Globalization;
using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>Whether a transaction holds readers of the log back, or somebody its writers.</summary>
internal sealed class SettlingCheck(EventStore store, TimeSpan degradedAfter, TimeSpan unhealthyAfter) : StoreCheck(store)
{
    protected override async Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var status = await database.Log.StatusAsync(cancellationToken).ConfigureAwait(false);
        var data = new Dictionary<string, object> { ["last"] = status.LastPosition, ["settled"] = status.SettledPosition };
        if (status.WritersHeldBackBy is [var holder, ..])
            return Describe(HealthStatus.Degraded, data, $"No event can be appended while {holder} holds the lock of the log.", holder.Pid);

        // The age of a prepared transaction or of a process that is just ending may be unknown.
        if (status.HeldBackBy.MaxBy(static blocker => blocker.Age ?? TimeSpan.Zero) is not { Age: { } age } blocker || age < degradedAfter)
            return HealthCheckResult.Healthy("Nobody holds readers of the log back.", data);

        (data["application"], data["age"]) = (blocker.ApplicationName ?? "", age);
        return Describe(age < unhealthyAfter ? HealthStatus.Degraded : failureStatus, data, Name(blocker, age, status), blocker.Pid);
    }

    private static HealthCheckResult Describe(HealthStatus status, Dictionary<string, object> data, string description, int? pid)
    {
        if (pid is { } process)
            data["pid"] = process;

        return new HealthCheckResult(status, description, exception: null, data);
    }

    private static string Name(LogBlocker blocker, TimeSpan age, LogStatus status)
    {
        var who = blocker.Pid is { } pid ? $"process {pid}" : $"the prepared transaction '{blocker.PreparedAs}'";
        var application = blocker.ApplicationName is { } name ? $" (application {name})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Readers of the log see nothing after position {status.SettledPosition}, while it ends at {status.LastPosition}: "
                + $"{who}{application} has held a transaction open for {age.TotalSeconds:0} s.");
    }
}
