using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>Random units that are written in one statement, against a plain list of what each stream must hold.</summary>
public sealed class CombinedUnitsTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int Rounds = 18;
    private const int UnitsOfRound = 24;

    private static readonly TenantId[] Tenants = [TenantId.Default, "other"];

    // UTF-16 and UTF-8 sort some of them differently, and a language would sort all of them so.
    private static readonly string[] Names = ["a", "B", "a b", "a-b", "é", "z", "\uFF5E", "\U0001F600", "\uE000", "\uD7FF", "ab", "Ab"];

    private readonly string _prefix = $"{Guid.NewGuid():N}-";
    private readonly Dictionary<(TenantId, StreamId), ModelStream> _model = [];

    [Fact]
    public async Task Each_unit_is_accepted_or_refused_as_if_it_came_alone()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var store = bank.CreateStore(options => options.Events.GroupCommit.Lanes = 1);
        await BankStore.WriteOnceAsync(store);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // Expectations of one kind take other ways through the function than mixed ones; so do units that are all right.
            var kinds = (round % 3) switch { 0 => [0], 1 => [2], _ => new[] { 0, 1, 2 } };
            var wrong = round % 2 == 0 ? 0 : 0.1;
            var units = Enumerable.Range(0, UnitsOfRound).Select(_ => NextUnit(random, kinds, wrong)).ToArray();
            var outcomes = await SaveTogetherAsync(store, units);
            for (var index = 0; index < units.Length; index++)
                units[index].Compare(outcomes[index], $"seed {seed}, round {round}, unit {index}");

            accepted += units.Count(static unit => unit.IsAccepted);
            await CompareAsync($"seed {seed}, round {round}");
            await ArchiveOneAsync(random);
        }

        accepted.ShouldBeInRange(Rounds * UnitsOfRound / 4, Rounds * UnitsOfRound - 1);
    }

    private Unit NextUnit(Random random, int[] kinds, double wrong)
    {
        var tenant = Tenants[random.Next(Tenants.Length)];
        var parts = new List<Part>();
        foreach (var name in random.GetItems(Names, random.Next(1, 4)).Distinct())
        {
            StreamId id = _prefix + name;
            if (!_model.TryGetValue((tenant, id), out var stream))
                _model[(tenant, id)] = stream = new ModelStream();

            var version = stream.Events.Count + (random.NextDouble() < wrong ? 1 : 0);
            var expected = kinds[random.Next(kinds.Length)] switch
            {
                0 => ExpectedVersion.Any,
                1 when version > 0 => ExpectedVersion.StreamExists,
                _ => ExpectedVersion.Exactly(version),
            };
            parts.Add(new Part(
                id, stream, expected, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{random.Next()}")], stream.Events.Count));
        }

        var isAccepted = parts.TrueForAll(static part => !part.Stream.IsArchived && part.IsMet);
        if (isAccepted)
            parts.ForEach(static part => part.Stream.Events.AddRange(part.Texts));

        return new Unit(tenant, parts, isAccepted);
    }

    /// <summary>Saves units while the only lane is busy, so that they come together, in this order.</summary>
    private async Task<object[]> SaveTogetherAsync(EventStore store, Unit[] units)
    {
        StreamId held = $"held-{Guid.NewGuid()}";
        await bank.AppendAsync(held, new NoteTaken("a"));
        Task<object>[] saving;
        await using (await bank.HoldAsync(held))
        {
            saving = [SaveAsync(store, new Unit(TenantId.Default, [new Part(held, new(), ExpectedVersion.Any, ["b"], 1)], true)),
                .. units.Select(unit => SaveAsync(store, unit))];
        }

        return (await Task.WhenAll(saving))[1..];
    }

    private static async Task<object> SaveAsync(EventStore store, Unit unit)
    {
        await using var session = store.OpenSession(unit.Tenant);
        foreach (var part in unit.Parts)
            session.Events.Append(part.Id, part.Expected, part.Texts.Select(static text => (object)new NoteTaken(text)));

        try
        {
            return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        catch (FluentEventStoreException refusal)
        {
            return refusal;
        }
    }

    private async Task CompareAsync(string because)
    {
        foreach (var ((tenant, id), stream) in _model)
        {
            await using var session = bank.Store.OpenQuerySession(tenant);
            var events = await session.Events.FetchStreamAsync(
                id, new StreamRange { IncludeArchived = true }, TestContext.Current.CancellationToken);
            events.Select(static @event => ((NoteTaken)@event.Data).Text).ShouldBe(stream.Events, because);
            events.Select(static @event => @event.Version)
                .ShouldBe(Enumerable.Range(1, stream.Events.Count).Select(static version => (long)version), because);
        }
    }

    private async Task ArchiveOneAsync(Random random)
    {
        var ((tenant, id), stream) = _model.ElementAt(random.Next(_model.Count));
        if (random.Next(3) > 0 || stream.IsArchived || stream.Events.Count == 0)
            return;

        await using var session = bank.Store.OpenSession(tenant);
        session.Events.ArchiveStream(id);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        stream.IsArchived = true;
    }

    private sealed class ModelStream
    {
        public List<string> Events { get; } = [];

        public bool IsArchived { get; set; }
    }

    private sealed record Part(StreamId Id, ModelStream Stream, ExpectedVersion Expected, string[] Texts, long Before)
    {
        public bool IsMet =>
            Expected == ExpectedVersion.StreamExists ? Before > 0 : Expected.Version is not { } version || version == Before;
    }

    private sealed record Unit(TenantId Tenant, List<Part> Parts, bool IsAccepted)
    {
        public void Compare(object outcome, string because)
        {
            if (!IsAccepted)
            {
                // Of several reasons the first is told.
                var reason = Parts.Find(static part => part.Stream.IsArchived || !part.IsMet)!;
                outcome.ShouldBeOfType(
                    reason.Stream.IsArchived ? typeof(StreamArchivedException) : typeof(StreamVersionConflictException), because);
                return;
            }

            var commit = outcome.ShouldBeOfType<Commit>(because);
            foreach (var part in Parts)
                commit.Streams[part.Id].Version.ShouldBe(part.Before + part.Texts.Length, because);
        }
    }
}
