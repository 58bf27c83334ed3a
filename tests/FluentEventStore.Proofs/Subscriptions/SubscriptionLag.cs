namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>How far subscriptions are behind.</summary>
internal static class SubscriptionLag
{
    /// <summary>Waits until subscriptions have handled everything, and nothing of them is parked.</summary>
    /// <param name="store">The store.</param>
    /// <param name="names">The subscriptions.</param>
    public static async Task EndsAsync(EventStore store, params string[] names) =>
        (await TryEndAsync(store, TimeSpan.FromMinutes(2), names)).ShouldBeNull();

    /// <summary>As <see cref="EndsAsync"/>, as long as they get on.</summary>
    /// <param name="store">The store.</param>
    /// <param name="limit">How long none of them may get on.</param>
    /// <param name="names">The subscriptions.</param>
    /// <returns>Why they have not; <see langword="null"/> if they have.</returns>
    public static async Task<string?> TryEndAsync(EventStore store, TimeSpan limit, params string[] names)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        waiting.CancelAfter(limit);
        var (left, last) = ("nothing was asked", 0L);
        try
        {
            while (true)
            {
                var all = await store.Subscriptions.StatusAsync(waiting.Token);
                var late = names.Where(name => !all.Any(status => status.Name == name && status is { Lag: 0, Parked: 0 })).ToList();
                if (late.Count == 0)
                    return null;

                left = string.Join("; ", all.Where(status => late.Contains(status.Name)).Select(static status =>
                    $"{status.Name} is {status.State}, {status.Lag} behind, {status.Parked} parked {status.Failure}"));
                if (all.Any(static status => status.State == SubscriptionState.Faulted))
                    return left;

                var now = all.Sum(static status => status.Ranges.Sum(static range => range.Position) - status.Parked);
                if (now != last)
                    waiting.CancelAfter(limit);

                last = now;
                await Task.Delay(50, waiting.Token);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return left;
        }
    }
}
