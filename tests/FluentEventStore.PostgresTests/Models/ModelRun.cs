using System.Globalization;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>Does the same at random to a store and to its model, and compares the two after each step.</summary>
/// <param name="bank">The store, and a schema of its own.</param>
/// <param name="stores">Stores in that schema, of which each unit goes through one.</param>
/// <param name="time">The clock of these stores.</param>
/// <param name="seed">What chance begins with.</param>
public class ModelRun(BankStore bank, IReadOnlyList<EventStore> stores, FakeTimeProvider time, int seed)
{
    private const int CallsToShow = 40;

    private readonly Queue<string> _last = [];
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private RandomCalls? _calls;

    protected Random Random { get; } = new(seed);

    protected ModelStore Model { get; } = new();

    protected BankStore Bank { get; } = bank;

    protected IReadOnlyList<EventStore> Stores { get; } = stores;

    /// <summary>The streams that the step does something to.</summary>
    protected HashSet<StreamId> Touched { get; } = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected RandomCalls Calls => _calls ??= CreateCalls();

    /// <summary>How many events are kept of a stream when the stores are scrubbed: the rule that they are made with.</summary>
    public static long? KeepLast(StreamId streamId) => streamId.Value is ['s', '-', .., '3'] ? 4 : null;

    public async Task RunAsync(int steps)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var step = 1; step <= steps; step++)
        {
            try
            {
                Touched.Clear();
                time.Advance(TimeSpan.FromSeconds(Random.Next(1, 100)));
                if (Random.Next(40) == 0)
                    await ScrubAsync();
                else
                    await StepAsync();
                await CompareAsync(isThorough: step % 50 == 0 || step == steps);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Step {step} with seed {seed} failed: {failure.Message}\n{string.Join('\n', _last)}", failure);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _outcomes.Select(static outcome => $"{outcome.Key} {outcome.Value}")));
    }

    protected virtual RandomCalls CreateCalls() => new(Random, Model);

    /// <summary>Compares what a unit has left behind.</summary>
    protected virtual Task CompareSavedAsync(EventStore store, ModelUnit unit) => Task.CompletedTask;

    /// <summary>Compares what else is kept of a stream.</summary>
    protected virtual Task CompareMoreAsync(EventStore store, StreamId streamId) => Task.CompletedTask;

    /// <summary>Asks a session for what the model takes too.</summary>
    protected virtual Task DoAsync(ModelCall call, IDocumentSession session) => call.DoAsync<Ledger>(session.Events, Cancellation);

    protected EventStore NextStore() => Stores[Random.Next(Stores.Count)];

    /// <summary>Saves a unit, now and then one that another overtakes.</summary>
    protected virtual async Task StepAsync()
    {
        var store = NextStore();
        await using var session = store.OpenSession();
        var unit = await CollectAsync(session, withBoundary: Random.Next(6) == 0);

        // Another unit may overtake what was read for a decision. The rest is judged only when it is saved.
        if (unit.Boundaries.Count > 0 && Random.Next(2) == 0)
        {
            var faster = NextStore();
            await using var other = faster.OpenSession();
            await SaveAsync(faster, other, await CollectAsync(other, withBoundary: false));
            Note("meanwhile, now:");
        }

        await SaveAsync(store, session, unit);
    }

    private async Task<ModelUnit> CollectAsync(IDocumentSession session, bool withBoundary)
    {
        var unit = new ModelUnit(Model);
        if (withBoundary)
        {
            var boundary = Model.Decide(Calls.NextQuery());
            Note($"decide over {boundary.Query}");
            var read = await session.Events.FetchForWritingAsync<Ledger>(boundary.Query, Cancellation);
            read.Events.Select(static e => e.Id).ShouldBe(Model.Recorded
                .Where(
                    it => it.Stream.Shows(it.Event, ModelState.Active)
                        && boundary.Clauses.Any(clause => ModelBoundary.Matches(clause, it.Event)))
                .Select(static it => it.Event.Id!.Value));
            read.Enforce();
            unit.Boundaries.Add(boundary);
        }

        for (var count = Random.Next(1, 5); count > 0; count--)
        {
            var call = Calls.Next();
            var refusal = unit.Take(call);
            Touched.Add(call.StreamId);
            Note($"{call}{(refusal is null ? "" : $" -> {refusal.Name}")}");
            (await Record.ExceptionAsync(() => DoAsync(call, session)))?.GetType().ShouldBe(refusal);
        }

        return unit;
    }

    private async Task SaveAsync(EventStore store, IDocumentSession session, ModelUnit unit)
    {
        var before = Model.Streams.ToDictionary();
        var (refusal, streamId) = Model.Save(unit, time.GetUtcNow());
        foreach (var outcome in refusal is null ? unit.Calls.Select(static call => $"{call.Verb}") : [refusal.Name])
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        Note($"save{(refusal is null ? "" : $" -> {refusal.Name} of {streamId}")}");
        var commit = default(Commit);
        var failure = await Record.ExceptionAsync(async () => commit = await session.SaveChangesAsync(Cancellation));

        failure?.GetType().ShouldBe(refusal, failure.ToString());
        (failure is null).ShouldBe(refusal is null);
        StreamOf(failure).ShouldBe(streamId);
        if (commit is null)
            return;

        foreach (var written in unit.Streams.Where(id => unit.CountOf(id) > 0 && !unit.Has(id, ModelVerb.HardDelete)))
        {
            var first = (before.GetValueOrDefault(written)?.Version ?? 0) + 1;
            commit.Streams[written].ShouldBe(new StreamCommit(first, first + unit.CountOf(written) - 1));
        }

        commit.Streams.Keys.Order(Comparer<StreamId>.Create(static (one, other) => string.CompareOrdinal(one.Value, other.Value)))
            .ShouldBe(unit.Streams.Where(id => unit.CountOf(id) > 0).OrderBy(static id => id.Value, StringComparer.Ordinal));
        await IdentifyAsync(unit);
        await CompareSavedAsync(store, unit);
    }

    /// <summary>Learns the ids of events that stand for others.</summary>
    private async Task IdentifyAsync(ModelUnit unit)
    {
        foreach (var call in unit.Calls.Where(static call => call.Verb == ModelVerb.Compact))
        {
            var stream = Model.Streams.GetValueOrDefault(call.StreamId);
            if (stream?.Events.Any(@event => @event.Version == call.Version && @event.Id is null) == true)
            {
                Model.Identify(call.StreamId, call.Version, (Guid)(await Bank.ExecuteAsync(
                    $"select e.id from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.id = '{call.StreamId}' "
                        + $"and e.version = {call.Version}"))!);
            }
        }
    }

    private async Task ScrubAsync()
    {
        Note("scrub");
        Touched.UnionWith(Calls.Named);
        await NextStore().ScrubAsync(cancellationToken: Cancellation);
        Model.Scrub(KeepLast);
        (await HeadsAsync()).ShouldBe(Model.Recorded.SelectMany(static it => it.Event.Tags).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task CompareAsync(bool isThorough)
    {
        var store = NextStore();
        await using var session = store.OpenQuerySession();
        foreach (var streamId in isThorough ? Calls.Named : Calls.Current.Where(IsAffected))
        {
            Describe(await session.Events.FetchStreamStateAsync(streamId, Cancellation)).ShouldBe(
                Describe(streamId, Model.Streams.GetValueOrDefault(streamId)), $"{streamId}");
            await CompareReadAsync(session, streamId, includeArchived: isThorough);
            await CompareMoreAsync(store, streamId);
        }

        if (!isThorough)
            return;

        (await TagsAsync()).ShouldBe(
            Model.Recorded.SelectMany(static it => it.Event.Tags.Select(tag => $"{tag} {it.Event.Id}")).Order(StringComparer.Ordinal));
        Model.Recorded.SelectMany(static it => it.Event.Tags).Distinct().Except(await HeadsAsync()).ShouldBeEmpty();
        (await session.Events.ReadAllAsync(cancellationToken: Cancellation).Select(static e => e.Id).ToListAsync(Cancellation))
            .ShouldBe(
                Model.Recorded.Where(static it => it.Stream.Shows(it.Event, ModelState.Active)).Select(static it => it.Event.Id!.Value));
        (await Bank.ExecuteAsync("select count(*) from {schema}.streams")).ShouldBe((long)Model.Streams.Count);
        (await Bank.ExecuteAsync("select count(*) from {schema}.events")).ShouldBe((long)Model.Recorded.Count());
    }

    // What links lead to changes with other streams.
    private bool IsAffected(StreamId streamId) => Touched.Contains(streamId) || Model.Streams.GetValueOrDefault(streamId)?.Links.Count > 0;

    private async Task CompareReadAsync(IQuerySession session, StreamId streamId, bool includeArchived)
    {
        var read = await session.Events.FetchStreamAsync(streamId, new StreamRange { IncludeArchived = includeArchived }, Cancellation);
        read.Select(static e => (e.Link?.Version ?? e.Version, e.Id, e.Data))
            .ShouldBe(
                Model.Read(streamId, includeArchived).Select(static it => (it.Version, it.Event.Id!.Value, it.Event.Data)), $"{streamId}");
    }

    private async Task<IEnumerable<string>> TagsAsync() => Lines(await Bank.ExecuteAsync(
        "select string_agg(t.tag || ' ' || e.id, chr(10) order by t.tag collate \"C\", e.id::text collate \"C\") from {schema}.event_tags "
            + "t join {schema}.events e on e.position = t.position"));

    private async Task<IEnumerable<string>> HeadsAsync() =>
        Lines(await Bank.ExecuteAsync("select string_agg(tag, chr(10) order by tag collate \"C\") from {schema}.tag_heads"));

    private static IEnumerable<string> Lines(object? text) => text is string lines ? lines.Split('\n').Order(StringComparer.Ordinal) : [];

    private static string Describe(StreamState? state) => state is null
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"version {state.Version} from {state.TruncatedBefore}, {(state.IsTombstoned
                ? "Tombstoned"
                : state.IsDeleted ? "Deleted" : state.IsArchived ? "Archived" : "Active")}, {state.Created:O} {state.LastAppended:O}");

    private static string Describe(StreamId streamId, ModelStream? stream) => stream is null
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"version {stream.Version} from {stream.TruncatedBefore}, {stream.State}, {stream.Created:O} {stream.LastAppended:O}");

    private static StreamId StreamOf(Exception? failure) => failure switch
    {
        StreamVersionConflictException it => it.StreamId,
        StreamAlreadyExistsException it => it.StreamId,
        StreamNotFoundException it => it.StreamId,
        StreamArchivedException it => it.StreamId,
        StreamDeletedException it => it.StreamId,
        StreamTruncationException it => it.StreamId,
        LinkRefusedException it => it.StreamId,
        _ => default,
    };

    /// <summary>Tells of a step if a later one fails.</summary>
    protected void Note(string what)
    {
        _last.Enqueue(what);
        if (_last.Count > CallsToShow)
            _last.Dequeue();
    }
}
