using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>The statements that move the checkpoint of a pulled range, and write what was answered: in one transaction.</summary>
internal static class PullCondition
{
    public static void AddTo(NpgsqlBatch batch, Workplace place, Holding holding, long epoch, PullCommit commit)
    {
        CheckpointMove.AddTo(batch, place.Schema, holding, epoch, commit.From, commit.To, commit.Last);

        // Moves compare what keys wait from: an event that is given up may move one on from there.
        if (commit.Moves.Count > 0)
            place.Parked.AddMoves(batch, holding.Range, commit.Moves, (item, failure) => place.Describe(item, failure, 1));

        foreach (var given in commit.GivenUp)
        {
            place.Parked.AddGivenUp(
                batch, holding.Range, given.Item, given.How, place.Describe(given.Item, given.Failure, given.Attempts), given.Due);
        }
    }
}
