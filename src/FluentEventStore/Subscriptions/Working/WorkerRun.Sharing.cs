namespace FluentEventStore.Subscriptions;

// Where tenants share a subscription fairly: between two pages, the one that keeps the others waiting gets a range of its own.
internal sealed partial class WorkerRun
{
    /// <summary>Whether a tenant has a range of its own from now on. Then both are claimed anew.</summary>
    private async Task<bool> SharesAsync(WorkStep step, CancellationToken cancellationToken)
    {
        if (_shares is null || step is not (WorkStep.Handle or WorkStep.Wait) || _worker.IsReplaying)
            return false;

        if (_shares.TakeTooMuch(Now) is not { } tenant)
            return false;

        if (!await _place.Rows.ShareAsync(_holding.Range, _worker.Epoch, tenant, cancellationToken).ConfigureAwait(false))
            return false;

        SubscriptionLog.TenantApart(_place.Database.Telemetry, _holding.Range, tenant);
        Ended ??= RunEnd.TenantApart;
        return true;
    }

    // A tenant that is tried again and again is seen before its pause is over.
    private TimeSpan UntilShared(TimeSpan time) => Until(_shares?.EndsAt is { } end && end < time && end > Now ? end : time);
}
