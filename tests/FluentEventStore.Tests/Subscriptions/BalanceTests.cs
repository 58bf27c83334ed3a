using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

public sealed class BalanceTests
{
    [Fact]
    public void Whatever_nodes_come_and_go_and_however_old_their_looks_are_ranges_come_to_rest_and_none_is_left_alone()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        for (var number = 0; number < 300; number++)
            Run(new Random(seed + number));
    }

    [Fact]
    public void A_range_that_no_living_node_knows_or_that_is_stopped_has_no_owner()
    {
        var node = new Node(Guid.NewGuid(), new HashSet<string> { Declaration.KnownAs("a", 1, "stream") });
        var known = new RangeRow(
            new RangeKey("a", 1, 0, 63), 0, 1, null, IsPaused: false, RowState.Open, null, HasWishes: false, "stream");
        var look = new Look(
            [node],
            [
                known,
                known with { Key = new RangeKey("a", 2, 0, 63) },
                known with { Key = new RangeKey("a", 1, 0, 31), IsPaused = true },
                known with { Key = new RangeKey("a", 1, 32, 63), State = RowState.Faulted },
            ]);
        Balance.Assign(look).ShouldHaveSingleItem().ShouldBe(new KeyValuePair<RangeKey, Guid>(known.Key, node.Id));
    }

    private static void Run(Random random)
    {
        var knows = new HashSet<string> { Declaration.KnownAs("a", 1, "stream") };
        var nodes = Enumerable.Range(0, random.Next(1, 7)).Select(_ => new Node(Guid.NewGuid(), knows)).ToList();
        var rows = RangeKey.Split(random.Next(1, 25)).Select((range, index) => new RangeRow(
            new RangeKey("a", 1, range.First, range.Last),
            0,
            index,
            random.Next(3) == 0 ? null : nodes[random.Next(nodes.Count)].Id,
            IsPaused: false,
            RowState.Open,
            null,
            HasWishes: false,
            "stream")).ToArray();
        var looks = new Dictionary<Guid, Look>();
        var (epoch, quiet) = (1000L, 0);
        for (var round = 0; quiet < 20; round++)
        {
            round.ShouldBeLessThan(400);
            if (round < 30 && random.Next(6) == 0 && nodes.Count > 1)
                nodes.RemoveAt(random.Next(nodes.Count));
            else if (round < 30 && random.Next(6) == 0)
                nodes.Add(new Node(Guid.NewGuid(), knows));

            var moves = nodes.ToList().Sum(node => Act(node));
            quiet = moves == 0 && round >= 30 ? quiet + 1 : 0;
        }

        rows.ShouldAllBe(row => nodes.Exists(node => node.Id == row.Owner));
        var loads = nodes.ConvertAll(node => rows.Count(row => row.Owner == node.Id));
        (loads.Max() - loads.Min()).ShouldBeLessThan(2);

        // Gives up only what is its own, and claims only what is free, as it was when it looked.
        int Act(Node node)
        {
            if (!looks.Remove(node.Id, out var look))
            {
                looks[node.Id] = new Look([.. nodes], [.. rows]);
                return 0;
            }

            var wanted = Balance.Assign(look);
            var moves = 0;
            for (var index = 0; index < rows.Length; index++)
            {
                var seen = look.Ranges[index];
                var isWanted = wanted.TryGetValue(seen.Key, out var to) && to == node.Id;
                var isFree = seen.Owner is null || !look.Nodes.Any(other => other.Id == seen.Owner);
                if (isWanted == (seen.Owner == node.Id) || (isWanted && !isFree) || rows[index].Epoch != seen.Epoch)
                    continue;

                rows[index] = seen with { Owner = isWanted ? node.Id : null, Epoch = epoch++ };
                moves++;
            }

            return moves;
        }
    }
}
