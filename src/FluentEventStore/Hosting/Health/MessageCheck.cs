using System.Globalization;
using FluentEventStore.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.Hosting;

/// <summary>Whether messages go out, whichever process sends them.</summary>
/// <param name="store">The store.</param>
/// <param name="clock">By which a message is old.</param>
/// <param name="degradedAfter">How long a message may wait.</param>
internal sealed class MessageCheck(EventStore store, TimeProvider clock, TimeSpan degradedAfter) : StoreCheck(store)
{
    protected override async Task<HealthCheckResult> CheckAsync(
        StoreDatabase database, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        var found = await database.Messages.Controls.StatusAsync(cancellationToken).ConfigureAwait(false);
        var age = found.Oldest is { } oldest ? clock.GetUtcNow() - oldest : TimeSpan.Zero;
        var data = new Dictionary<string, object>
        {
            ["waiting"] = found.Waiting,
            ["failing"] = found.FailingKeys,
            ["alarmed"] = found.AlarmedKeys,
            ["age"] = age,
        };
        if (found.AlarmedKeys > 0)
        {
            // Those that have failed for longest come first.
            var first = found.Failing.FirstOrDefault(static one => one.IsAlarmed);
            return Describe(
                HealthStatus.Degraded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{found.AlarmedKeys} messages have failed for long. The first is '{first?.TypeName}' {first?.Id}, tried "
                        + $"{first?.Attempts} times."));
        }

        return age >= degradedAfter
            ? Describe(
                HealthStatus.Degraded,
                string.Create(CultureInfo.InvariantCulture, $"{found.Waiting} messages wait, the oldest for {age.TotalSeconds:0} s."))
            : Describe(HealthStatus.Healthy, "No message has waited for long.");

        HealthCheckResult Describe(HealthStatus status, string description) => new(status, description, exception: null, data);
    }
}
