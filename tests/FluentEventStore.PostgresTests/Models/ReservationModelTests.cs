using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>Reservations and natural keys beside a model in memory.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 takes 20,000 steps.</remarks>
public sealed class ReservationModelTests(BankStore bank) : IClassFixture<BankStore>
{
    private static readonly string[] Values = ["a", "b", "c", "d"];

    private readonly Dictionary<TenantId, ReservationModel> _models = new() { [TenantId.Default] = new(), ["red"] = new() };
    private readonly Dictionary<string, int> _outcomes = [];

    // A stream that is gone for good makes room for another.
    private readonly string[] _streams = ["s1", "s2", "s3", "s4", "s5"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_that_reserve_release_and_set_keys_do_what_a_model_in_memory_does()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var other = bank.CreateStore();
        var steps = LongForm.Of(600, 20_000);
        for (var step = 1; step <= steps; step++)
        {
            var (tenantId, model) = _models.ElementAt(random.Next(2));
            await using var session = (random.Next(2) == 0 ? bank.Store : other).OpenSession(tenantId);
            List<string> calls = [];
            foreach (ref var stream in _streams.AsSpan())
            {
                if (model.StateOf(stream) == ModelState.Tombstoned && random.Next(4) == 0)
                    stream += "'";
            }

            var expected = Fill(session, model, random, calls);
            var outcome = await SaveAsync(session);
            (outcome is null ? expected.Count == 0 : expected.Contains(outcome)).ShouldBeTrue(
                $"{outcome} at step {step} of seed {seed}: {string.Join("; ", calls)}");
            _outcomes[outcome ?? "written"] = _outcomes.GetValueOrDefault(outcome ?? "written") + 1;
            (await RowsAsync(tenantId)).ShouldBe(RowsOf(model), $"step {step} of seed {seed}: {string.Join("; ", calls)}");
        }

        _outcomes.Keys.Order().ShouldBe(
            [nameof(DuplicateNaturalKeyException), nameof(ReservationConflictException), nameof(StreamDeletedException), "written"]);
    }

    private IReadOnlyCollection<string> Fill(IDocumentSession session, ReservationModel model, Random random, List<string> calls)
    {
        var asked = new Dictionary<(string Name, string Value, string Owner), bool>();
        var keys = new Dictionary<string, string?>();
        var ends = new Dictionary<string, ModelState>();
        foreach (var stream in random.GetItems(_streams, 2).Distinct())
            EndOrRevive(session, model.StateOf(stream), stream, random, calls, keys, ends);

        for (var count = random.Next(4); count > 0; count--)
        {
            var (value, owner) = (random.GetItems(Values, 1)[0], random.GetItems(_streams, 1)[0]);

            // A tombstone is the last call for its stream.
            if (ends.TryGetValue(owner, out var end) && end == ModelState.Tombstoned)
                continue;

            var reserves = random.Next(3) > 0;
            calls.Add($"{(reserves ? "reserve" : "release")} {value} {owner}");
            if (reserves)
                session.Reserve("email", value, owner);
            else
                session.Release("email", value, owner);

            if (reserves)
            {
                foreach (var one in asked.Keys.Where(one => one.Value == value && one.Owner != owner && asked[one]).ToList())
                    asked.Remove(one);
            }

            asked[("email", value, owner)] = reserves;
        }

        return calls.Count == 0 ? [] : model.Save(asked, keys, ends);
    }

    private static void EndOrRevive(
        IDocumentSession session,
        ModelState? state,
        string stream,
        Random random,
        List<string> calls,
        Dictionary<string, string?> keys,
        Dictionary<string, ModelState> ends)
    {
        void Do(string verb, Action<StreamId> change, ModelState? end)
        {
            calls.Add($"{verb} {stream}");
            change(stream);
            if (end is { } reached)
                ends[stream] = reached;
        }

        if (state == ModelState.Deleted && random.Next(2) == 0)
        {
            Do("undelete", session.Events.UndeleteStream, ModelState.Active);
            state = ModelState.Active;
        }
        else if (state == ModelState.Archived && random.Next(2) == 0)
        {
            Do("unarchive", session.Events.UnarchiveStream, ModelState.Active);
            state = ModelState.Active;
        }

        if (state is null or ModelState.Active && random.Next(3) > 0)
        {
            foreach (var value in random.GetItems(Values, 1 + random.Next(2)))
            {
                var key = random.Next(5) == 0 ? null : value;
                var renumbered = new OrderRenumbered(key is null ? null : new OrderNumber(key));
                Do($"set {key}", id => session.Events.Append(id, renumbered), end: null);
                keys[stream] = key;
            }

            state = ModelState.Active;
        }

        // Not in the unit that revived it: the test of the calls' order covers that.
        if (state != ModelState.Active || ends.ContainsKey(stream))
            return;

        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                Do("delete", session.Events.DeleteStream, ModelState.Deleted);
                break;
            case 3:
                Do("archive", session.Events.ArchiveStream, ModelState.Archived);
                break;
            case 4 when random.Next(8) == 0:
                Do("tombstone", session.Events.TombstoneStream, ModelState.Tombstoned);
                break;
            default:
                break;
        }
    }

    private static async Task<string?> SaveAsync(IDocumentSession session)
    {
        try
        {
            await session.SaveChangesAsync(Token);
            return null;
        }
        catch (FluentEventStoreException failure)
        {
            return failure.GetType().Name;
        }
    }

    private async Task<string> RowsAsync(TenantId tenantId) => (string)(await bank.ExecuteAsync(
        $"""
        select coalesce(string_agg(r.line, ' ' order by r.line collate "C"), '')
        from (
          select name || ':' || value || ':' || owner as line from {bank.Schema}.reservations where tenant = '{tenantId}'
          union all
          select '-' || name || ':' || value || ':' || owner from {bank.Schema}.freed_reservations where tenant = '{tenantId}'
        ) as r
        """))!;

    private static string RowsOf(ReservationModel model) => string.Join(
        ' ',
        model.Held.Select(static one => $"{one.Key.Name}:{one.Key.Value}:{one.Value}")
            .Concat(model.Freed.Select(static one => $"-{one.Name}:{one.Value}:{one.Owner}"))
            .Order(StringComparer.Ordinal));
}
