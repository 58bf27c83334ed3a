namespace FluentEventStore.Subscriptions;

/// <summary>
/// Which of the declared subscriptions a process may carry: those that are stored as it declares them. What somebody changes while it runs
/// is noticed.
/// </summary>
internal sealed class CarriedSubscriptions(
    Workplace place,
    SubscriptionRows rows,
    PositionLookup positions,
    IReadOnlyCollection<Declaration> declared,
    IProjectionBuilds projections)
{
    /// <summary>How often it is looked whether a subscription that was declared differently fits by now.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private long _checkedAt;

    /// <summary>The subscriptions that this process may carry.</summary>
    public IReadOnlyList<Declaration> Carried { get; private set; } = [];

    /// <summary>The declared subscriptions that this process must not carry, and why.</summary>
    public IReadOnlyDictionary<string, Mismatch> Refused { get; private set; } = new Dictionary<string, Mismatch>();

    /// <summary>Makes the rows of those that are not there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _checkedAt = place.WaitClock.GetTimestamp();
        var kept = await projections.BeginAsync(cancellationToken).ConfigureAwait(false);
        foreach (var one in declared)
        {
            // What is not built now may be later.
            if (one.Build is { } build && !kept.Contains(build))
                Carried = [.. Carried, one];
            else if (await BeginAsync(one, cancellationToken).ConfigureAwait(false) is { } mismatch)
                Refuse(one, mismatch);
            else
                Carried = [.. Carried, one];
        }
    }

    /// <summary>What was declared differently may fit since: another process changed the version or the partition.</summary>
    public async Task CheckRefusedAsync(CancellationToken cancellationToken)
    {
        if (Refused.Count == 0 || place.WaitClock.GetElapsedTime(_checkedAt) < CheckInterval)
            return;

        _checkedAt = place.WaitClock.GetTimestamp();
        foreach (var one in declared.Where(one => Refused.ContainsKey(one.Name)))
        {
            if (await rows.ContinueAsync(one, cancellationToken).ConfigureAwait(false) is not (IsThere: true, Mismatch: null))
                continue;

            Carried = [.. Carried, one];
            Refused = Refused.Where(refused => refused.Key != one.Name).ToDictionary();
        }
    }

    /// <summary>The names of those that there are now.</summary>
    public async Task<IReadOnlyCollection<string>> ActiveAsync(CancellationToken cancellationToken)
    {
        var kept = Carried.Any(static one => one.Build is not null)
            ? await projections.ActiveAsync(cancellationToken).ConfigureAwait(false)
            : [];
        return [.. Carried.Where(one => one.Build is not { } build || kept.Contains(build)).Select(static one => one.Name)];
    }

    /// <summary>The declaration by which a range may be claimed now.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public async Task<Declaration?> FindAsync(RangeKey range, CancellationToken cancellationToken)
    {
        if (Carried.FirstOrDefault(one => one.Name == range.Subscription && one.Version == range.Version) is not { } found)
            return null;

        // Somebody may have deleted it and made it anew, or changed its partition, since this process began.
        var (_, mismatch) = await rows.ContinueAsync(found, cancellationToken).ConfigureAwait(false);
        if (mismatch is null)
            return found;

        Carried = [.. Carried.Where(one => one != found)];
        Refuse(found, mismatch);
        return null;
    }

    private void Refuse(Declaration one, Mismatch mismatch)
    {
        Refused = new Dictionary<string, Mismatch>(Refused) { [one.Name] = mismatch };
        SubscriptionLog.DeclaredDifferently(place.Database.Telemetry, one.Name, mismatch.Problem);
    }

    // Where one begins is looked up only if it is not there.
    private async Task<Mismatch?> BeginAsync(Declaration one, CancellationToken cancellationToken)
    {
        var (isThere, mismatch) = await rows.ContinueAsync(one, cancellationToken).ConfigureAwait(false);
        if (isThere)
            return mismatch;

        var settled = (await place.Settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
        var floor = await Floor.FindAsync(one.Start, settled, positions, cancellationToken).ConfigureAwait(false);
        return await rows.BeginAsync(one, floor, settled, cancellationToken).ConfigureAwait(false);
    }
}
