using System.Globalization;
using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>
/// Whether the declared subscriptions, and the pulled ones that this process has opened, follow the log, whichever process carries them.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="progress">What earlier checks saw.</param>
/// <param name="unhealthyAfter">How long a subscription that is behind may stay where it is.</param>
internal sealed class SubscriptionCheck(EventStore store, SubscriptionProgress progress, TimeSpan unhealthyAfter) : StoreCheck(store)
{
    protected override async Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var expected = await database.Subscriptions.ExpectedAsync(cancellationToken).ConfigureAwait(false);
        if (expected.Count == 0)
            return HealthCheckResult.Healthy("No subscription is declared or open.");

        // The status looks at the end of the log by itself, and knows no more of workers than what they wrote. The last version is the one
        // that is carried.
        var all = await database.Subscriptions.Controls.StatusAsync(cancellationToken).ConfigureAwait(false);
        var worst = HealthCheckResult.Healthy("All subscriptions follow the log.");
        foreach (var name in expected)
        {
            var result = all.LastOrDefault(one => one.Name == name) is { } found
                ? Judge(found, progress.Note(database.Owner, found), failureStatus)
                : JudgeMissing(name, progress.NoteMissing(database.Owner, name), failureStatus);
            if (result.Status < worst.Status)
                worst = result;
        }

        return worst;
    }

    // Before a daemon has started for the first time, that is so for a moment.
    private HealthCheckResult JudgeMissing(string name, TimeSpan missingFor, HealthStatus failureStatus) => new(
        missingFor >= unhealthyAfter ? failureStatus : HealthStatus.Degraded,
        $"Subscription '{name}' does not exist: no daemon has created it, or it was deleted. One that starts creates it.",
        exception: null,
        new Dictionary<string, object> { ["subscription"] = name });

    private HealthCheckResult Judge(SubscriptionStatus found, TimeSpan stoodFor, HealthStatus failureStatus)
    {
        var data = new Dictionary<string, object>
        {
            ["subscription"] = found.Name,
            ["state"] = found.State.ToString(),
            ["position"] = found.Position,
            ["lag"] = found.Lag,
            ["parked"] = found.Parked,
        };
        if (found.State == SubscriptionState.Faulted)
            return Describe(failureStatus, $"Subscription '{found.Name}' has stopped at position {found.Position}. {found.Failure}");

        if (stoodFor >= unhealthyAfter)
            return Describe(failureStatus, string.Create(
                CultureInfo.InvariantCulture,
                $"Subscription '{found.Name}' has been at position {found.Position} for {stoodFor.TotalSeconds:0} s, {found.Lag} positions "
                    + $"behind the log. It is {found.State}. {found.Failure}"));

        return found.Parked > 0
            ? Describe(HealthStatus.Degraded, $"{found.Parked} keys of subscription '{found.Name}' are parked.")
            : Describe(HealthStatus.Healthy, $"Subscription '{found.Name}' follows the log.");

        HealthCheckResult Describe(HealthStatus status, string description) =>
            new(status, description.TrimEnd(), exception: null, data);
    }
}
