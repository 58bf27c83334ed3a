namespace FluentEventStore.Subscriptions;

/// <summary>
/// Which tenants' own ranges have caught up with that of all others, and are to be joined with it. Where nothing is written for a moment,
/// both come to stand at one position by themselves. Where that does not happen, both are told where to stop: then a page that is under way
/// is handled again.
/// </summary>
internal sealed class Rejoining
{
    /// <summary>How far apart they may be for one to wait until the other is there.</summary>
    private const long Near = 200;

    /// <summary>For how many looks a tenant has to be near before they do.</summary>
    private const int Patience = 12;

    private readonly Dictionary<RangeKey, int> _near = [];

    /// <summary>What a look says is to be done.</summary>
    /// <param name="look">All ranges.</param>
    /// <param name="node">The node that asks.</param>
    /// <param name="runOf">What carries a range here: only that knows how far it has read, and whether it has caught up.</param>
    /// <returns>The ranges, and whether both are to stop if they stand at two positions.</returns>
    public IReadOnlyList<(RangeKey Range, bool Stops)> Due(Look look, Guid node, Func<RangeKey, IRangeRun?> runOf)
    {
        var due = new List<(RangeKey Range, bool Stops)>();
        var apart = look.Ranges.Where(static range => !range.Key.IsOfAll).ToList();
        if (apart is [])
        {
            _near.Clear();
            return due;
        }

        var others = look.Ranges.Where(static range => range.Key.IsOfAll).ToDictionary(static range => range.Key);
        foreach (var own in apart)
        {
            if (!others.TryGetValue(own.Key.OfAll, out var all))
                continue;

            var run = runOf(own.Key);
            var isNear = own.GoesOn && all.GoesOn && run is not null && Math.Abs(run.Position - all.Position) <= Near;
            var looks = _near[own.Key] = isNear ? _near.GetValueOrDefault(own.Key) + 1 : 0;

            // One that was told to stop, and waits for one that does not go on.
            var isStuck = all.StopAt is not null && all.Owner == node && !own.GoesOn;

            // One that rests at a mark that the others do not have.
            isStuck |= run is not null && own.StopAt is not null && own.StopAt != all.StopAt;
            var isIdle = run is { IsIdle: true } && !own.HasWishes && !all.HasWishes;
            if (isStuck || (isNear && isIdle && (own.Position == all.Position || looks > Patience)))
                due.Add((own.Key, looks > Patience));
        }

        return due;
    }
}
