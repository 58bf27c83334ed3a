namespace FluentEventStore.Subscriptions;

/// <summary>
/// Which node is to carry which range. Every node computes the same from the same look, so that they agree without talking: what has a
/// living owner stays, what has none goes to who carries least, and while two differ by two or more, one range moves.
/// </summary>
internal static class Balance
{
    /// <summary>
    /// All ranges that a node knows go to one node, the living one with the lowest id: a database of many is left to one process. Ids are
    /// drawn at random in each database, so that the databases are spread over the processes, and where another process joins or one
    /// leaves, only those databases move that must.
    /// </summary>
    /// <inheritdoc cref="Assign" path="/returns"/>
    public static IReadOnlyDictionary<RangeKey, Guid> AssignTogether(Look look) => look.Ranges
        .Where(static range => range.IsOpen)
        .Select(range => (range.Key, Node: look.Nodes.Where(node => node.KnowsOf(range)).MinBy(static node => node.Id)))
        .Where(static one => one.Node is not null)
        .ToDictionary(static one => one.Key, static one => one.Node!.Id);

    /// <returns>By range: the node that is to carry it. Ranges that no node knows, or that may not run, have none.</returns>
    public static IReadOnlyDictionary<RangeKey, Guid> Assign(Look look)
    {
        var nodes = look.Nodes.OrderBy(static node => node.Id).ToList();
        var load = nodes.ToDictionary(static node => node.Id, static _ => 0);
        var assigned = new Dictionary<RangeKey, Guid>();
        var ranges = look.Ranges
            .Where(static range => range.IsOpen)
            .OrderBy(static range => range.Key.Subscription, StringComparer.Ordinal)
            .ThenBy(static range => range.Key.Version)
            .ThenBy(static range => range.Key.First)
            .ThenBy(static range => range.Key.Tenant, StringComparer.Ordinal)
            .ToList();
        foreach (var range in ranges)
        {
            if (range.Owner is { } owner && nodes.Find(node => node.Id == owner) is { } living && living.KnowsOf(range))
                Give(range.Key, owner);
        }

        foreach (var range in ranges)
        {
            if (!assigned.ContainsKey(range.Key) && LeastLoaded(range) is { } node)
                Give(range.Key, node.Id);
        }

        while (FindMove() is { } move)
        {
            load[assigned[move.Range]]--;
            Give(move.Range, move.To);
        }

        return assigned;

        void Give(RangeKey range, Guid node)
        {
            assigned[range] = node;
            load[node]++;
        }

        Node? LeastLoaded(RangeRow range) =>
            nodes.Where(node => node.KnowsOf(range)).OrderBy(node => load[node.Id]).ThenBy(static node => node.Id).FirstOrDefault();

        (RangeKey Range, Guid To)? FindMove()
        {
            var best = default((RangeKey, Guid)?);
            var gain = 1;
            foreach (var range in ranges)
            {
                if (!assigned.TryGetValue(range.Key, out var owner))
                    continue;

                foreach (var node in nodes)
                {
                    if (load[owner] - load[node.Id] > gain && node.KnowsOf(range))
                        (best, gain) = ((range.Key, node.Id), load[owner] - load[node.Id]);
                }
            }

            return best;
        }
    }
}
