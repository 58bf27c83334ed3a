namespace FluentEventStore.Subscriptions;

/// <inheritdoc cref="IStoreSubscriptions"/>
internal sealed class StoreSubscriptions(
    StatusReader status,
    RangeControls controls,
    ParkedControls parked,
    PositionLookup positions,
    LookWatch looks,
    TimeSpan lease,
    TimeProvider clock,
    PulledSubscriptions pulled,
    Func<string, bool> isProjection) : IStoreSubscriptions
{
    /// <summary>How often somebody looks whether others have seen what was changed.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    public Task<IReadOnlyList<SubscriptionStatus>> StatusAsync(CancellationToken cancellationToken = default) =>
        status.FetchAsync(name: null, lease, cancellationToken);

    public async Task PauseAsync(string name, CancellationToken cancellationToken = default)
    {
        await controls.PauseAsync(Checked(name), cancellationToken).ConfigureAwait(false);

        // Who carries it sees that at its next look, and gives it up when the event at hand is handled.
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < lease)
        {
            var found = await status.FetchAsync(name, lease, cancellationToken).ConfigureAwait(false);
            if (found.SelectMany(static one => one.Ranges).All(static range => range.Owner is null))
                return;

            await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task PauseAsync(string name, TenantId tenantId, CancellationToken cancellationToken = default)
    {
        await controls.SetApartAsync(Checked(name), tenantId, isHeld: true, to: null, cancellationToken).ConfigureAwait(false);

        // Where the tenant had no ranges of its own, those of the others that took it along are given up.
        await looks.AwaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task ResumeAsync(string name, TenantId tenantId, CancellationToken cancellationToken = default) =>
        controls.SetApartAsync(Checked(name), tenantId, isHeld: false, to: null, cancellationToken);

    public Task RewindAsync(string name, TenantId tenantId, long position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return controls.SetApartAsync(Movable(name), tenantId, isHeld: null, position, cancellationToken);
    }

    public Task ResumeAsync(string name, CancellationToken cancellationToken = default) =>
        controls.ResumeAsync(Checked(name), cancellationToken);

    public Task RewindAsync(string name, long position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return controls.RewindAsync(Movable(name), position, cancellationToken);
    }

    public Task ResetAsync(string name, long position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return controls.ResetAsync(Movable(name), position, cancellationToken);
    }

    public Task<int> SplitAsync(string name, int ranges, CancellationToken cancellationToken = default) =>
        controls.SplitAsync(Checked(name), CheckedCount(ranges), cancellationToken);

    public Task<int> MergeAsync(string name, int ranges, CancellationToken cancellationToken = default) =>
        BringTogetherAsync(Checked(name), CheckedCount(ranges), partition: null, cancellationToken);

    public async Task RepartitionAsync(string name, string partition, CancellationToken cancellationToken = default)
    {
        StorableText.CheckKey(partition, nameof(partition), SubscriptionBuilder.MaxNameLength);
        await BringTogetherAsync(Checked(name), ranges: 0, partition, cancellationToken).ConfigureAwait(false);

        // Those that declare the old one give it up at their next look.
        await looks.AwaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until all ranges have got to one position, where they can be merged or their partition changed.</summary>
    private async Task<int> BringTogetherAsync(string name, int ranges, string? partition, CancellationToken cancellationToken)
    {
        var isDone = false;
        try
        {
            while (true)
            {
                var count = await controls.MergeAsync(name, ranges, partition, cancellationToken).ConfigureAwait(false);
                if (count == MergeSubscriptionFunction.IsHeld)
                    throw new InvalidOperationException(
                        $"Tenants of subscription '{name}' are paused alone, and stand elsewhere than the others: resume them.");

                if (count == MergeSubscriptionFunction.IsParked)
                    throw new InvalidOperationException(
                        $"Keys of subscription '{name}' are parked, and might belong to others by '{partition}': replay or drop them.");

                isDone = count > 0;
                if (isDone)
                    return count;

                await CheckGoingAsync(name, cancellationToken).ConfigureAwait(false);
                await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (!isDone)
                await controls.ReleaseAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task CheckGoingAsync(string name, CancellationToken cancellationToken)
    {
        var found = await status.FetchAsync(name, lease, cancellationToken).ConfigureAwait(false);
        var ranges = found.SelectMany(static one => one.Ranges).ToList();
        var highest = ranges.Max(static range => range.Position);
        var stopped = ranges.Find(range => range.Position < highest
            && range.State is SubscriptionState.Faulted or SubscriptionState.Paused);
        if (stopped is not null)
            throw new SubscriptionStoppedException(name, stopped.Position, highest, $"a range of it is {stopped.State}. {stopped.Failure}");
    }

    private static int CheckedCount(int ranges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranges, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranges, SubscriptionTables.SliceCount);
        return ranges;
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        controls.DeleteAsync(Movable(name), cancellationToken);

    public Task<IReadOnlyList<ParkedKey>> ListParkedAsync(string name, CancellationToken cancellationToken = default) =>
        ListParkedAsync(name, after: 0, maxCount: 100, cancellationToken);

    public async Task<IReadOnlyList<ParkedKey>> ListParkedAsync(
        string name, long after, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return await parked.ListAsync(Checked(name), after, maxCount, cancellationToken).ConfigureAwait(false);
    }

    public Task<bool> ReplayParkedAsync(ParkedKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WishAsync(key, long.MaxValue, drops: 0, reason: null, cancellationToken);
    }

    public Task<bool> ReplayParkedAsync(ParkedKey key, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return WishAsync(key, maxCount, drops: 0, reason: null, cancellationToken);
    }

    public Task<int> ReplayParkedAsync(string name, CancellationToken cancellationToken = default) =>
        ReplayParkedAsync(name, int.MaxValue, cancellationToken);

    public Task<int> ReplayParkedAsync(string name, int maxKeys, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeys, 1);
        return parked.WishAsync(
            Checked(name), key: null, maxKeys, long.MaxValue, drops: 0, reason: null, position: null, cancellationToken);
    }

    public Task<bool> DropParkedAsync(ParkedKey key, string reason, CancellationToken cancellationToken = default) =>
        DropParkedAsync(key, reason, maxCount: 1, cancellationToken);

    public Task<bool> DropParkedAsync(ParkedKey key, string reason, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StorableText.Check(reason, nameof(reason));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return WishAsync(key, long.MaxValue, maxCount, reason, cancellationToken);
    }

    private async Task<bool> WishAsync(ParkedKey key, long count, long drops, string? reason, CancellationToken cancellationToken) =>
        await parked
            .WishAsync(
                key.Subscription,
                new EventKey(key.TenantId.Value, key.Key),
                keys: 1,
                count,
                drops,
                reason,
                // Whoever drops has looked at one event: another one that waits by now is none of it.
                drops > 0 ? key.Position : null,
                cancellationToken)
            .ConfigureAwait(false) > 0;

    public Task<long> PositionAtAsync(DateTimeOffset instant, CancellationToken cancellationToken = default) =>
        positions.FindAsync(instant, cancellationToken);

    public Task<ISubscription> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, new SubscriptionOptions(), cancellationToken);

    public Task<ISubscription> OpenAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken = default)
    {
        StorableText.CheckKey(name, "subscription", SubscriptionBuilder.MaxNameLength);
        ArgumentNullException.ThrowIfNull(options);
        return pulled.OpenAsync(name, options, cancellationToken);
    }

    // Events that come again would be derived twice.
    private string Movable(string name) => isProjection(Checked(name))
        ? throw new InvalidOperationException(
            $"'{name}' keeps what is derived from events: what came once more would be derived twice. RebuildAsync derives it anew.")
        : name;

    private static string Checked(string name)
    {
        StorableText.CheckKey(name, nameof(name), SubscriptionBuilder.MaxNameLength);
        return name;
    }
}
