using System.Globalization;
using FluentEventStore.PostgresTests.Models;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// Also decides, masks, loses rows and lets several write at once. Compares what is kept of each stream with what is folded and with the
/// model.
/// </summary>
public class SnapshotModelRun(BankStore bank, SnapshotStores stores, FakeTimeProvider time, int seed)
    : ModelRun(bank, stores.All, time, seed)
{
    private readonly FakeTimeProvider _time = time;
    private int _step;

    /// <summary>How many rows of inline snapshots units had to write, and did.</summary>
    public int InlineRows { get; private set; }

    /// <summary>How many live snapshots were there, at all looks at the table.</summary>
    public long LiveRows { get; private set; }

    protected SnapshotStores Kept => stores;

    private SnapshotCalls MyCalls => (SnapshotCalls)Calls;

    private StreamId[] Active =>
        [.. Calls.Current.Where(id => Model.Streams.GetValueOrDefault(id) is null or { State: ModelState.Active })];

    protected override RandomCalls CreateCalls() => new SnapshotCalls(Random, Model);

    protected override async Task StepAsync()
    {
        if (++_step % 20 == 0)
            await CompareRowsAsync();

        await (Random.Next(20) switch
        {
            0 => MaskAsync(),
            2 when Calls.Current.Any() => LoseRowsAsync(),
            3 or 4 when Active.Length > 0 => AppendTogetherAsync(),
            5 or 6 when Active.Length > 0 => DecideAsync(),
            _ => base.StepAsync(),
        });
    }

    protected override Task DoAsync(ModelCall call, IDocumentSession session)
    {
        if (Random.Next(10) == 0)
            session.Store(new WatchNote(Guid.NewGuid(), $"{call}"));

        // Only where the aggregate can have the id of the stream.
        return call.StreamId.TryGetGuid(out _) && Random.Next(2) == 0
            ? call.DoAsync<Watch>(session.Events, Cancellation)
            : call.DoAsync<Tally>(session.Events, Cancellation);
    }

    protected override async Task CompareMoreAsync(EventStore store, StreamId streamId)
    {
        var events = Model.Read(streamId).Select(static it => it.Event).ToList();
        var isWatch = streamId.TryGetGuid(out var id);
        var (tally, watch) = (Describe(Tally.Of(streamId, events)), Watch.Of(id, events));

        await using var keeper = stores.Keeper.OpenSession();
        Describe(await keeper.LoadAsync<Tally>(streamId.Value, Cancellation)).ShouldBe(tally, $"the kept tally of {streamId}");
        if (isWatch)
            (await keeper.LoadAsync<Watch>(id, Cancellation)).ShouldBe(watch, $"the kept watch of {streamId}");

        // The base run reads what is folded. One of the other ways to ask is taken at random.
        await using var session = store.OpenSession();
        switch (Random.Next(3))
        {
            case 0:
                Describe(await session.Events.FetchLatestAsync<Tally>(streamId, Cancellation)).ShouldBe(
                    tally, $"the latest tally of {streamId}");
                break;
            case 1 when isWatch:
                (await session.Events.FetchLatestAsync<Watch>(streamId, Cancellation)).ShouldBe(watch, $"the latest watch of {streamId}");
                break;
            default:
                var stream = await session.Events.FetchForWritingAsync<Tally>(streamId, cancellationToken: Cancellation);
                Describe(stream.Aggregate).ShouldBe(tally, $"the tally of {streamId} for writing");
                stream.Version.ShouldBe(Model.Streams.GetValueOrDefault(streamId)?.Version ?? 0);
                break;
        }
    }

    private static string? Describe(Tally? tally) =>
        tally is null ? null : string.Create(CultureInfo.InvariantCulture, $"{tally.Id}: {tally.Count}{tally.Trail}");

    private async Task DecideAsync()
    {
        var streamId = Pick(Active);
        var events = MyCalls.NextEvents(streamId);
        Note($"decide over {streamId}: {events.Length}");
        var store = NextStore();
        var commit = streamId.TryGetGuid(out _) && Random.Next(2) == 0
            ? await store.ExecuteAsync<Watch>(streamId, (_, _) => events, Cancellation)
            : await store.ExecuteAsync<Tally>(streamId, (_, _) => events, Cancellation);
        await using var session = store.OpenQuerySession();
        var written = await session.Events.FetchStreamAsync(
            streamId, new StreamRange { From = commit.Streams[streamId].FirstVersion }, Cancellation);
        await CompareSavedAsync(
            store,
            Save(
            [
                new ModelCall(ModelVerb.AppendToFetched, streamId) { Events = events, EventIds = [.. written.Select(static e => e.Id)] }
            ]));
    }

    /// <summary>
    /// Several stores append at once without an expectation, all to one stream among others. All succeed, one after the other.
    /// </summary>
    private async Task AppendTogetherAsync()
    {
        var hot = Pick(Active);
        List<ModelCall[]> units = [.. Enumerable.Range(0, Random.Next(2, 7)).Select(
            _ => Array.ConvertAll([.. new[] { hot, Pick(Active) }.Distinct()], Append))];
        foreach (var unit in units)
            Note($"together: {string.Join(", ", unit.AsEnumerable())}");

        List<EventStore> through = units.ConvertAll(_ => NextStore());
        var commits = await Task.WhenAll(units.Zip(through, static (unit, store) => SaveAsync(store, unit)));
        var last = new Dictionary<StreamId, (EventStore Store, ModelUnit Unit)>();
        foreach (var (unit, store, commit) in units.Zip(through, commits).OrderBy(
            static it => it.Third.Streams.Count == 0 ? 0 : it.Third.Position))
        {
            foreach (var call in unit)
                commit.Streams[call.StreamId].FirstVersion.ShouldBe((Model.Streams.GetValueOrDefault(call.StreamId)?.Version ?? 0) + 1);

            var saved = Save(unit);
            foreach (var streamId in saved.Streams)
                last[streamId] = (store, saved);
        }

        // A snapshot that lags behind the events of others is brought up by the next store that keeps it.
        foreach (var (streamId, (store, unit)) in last)
            await CompareSavedAsync(store, unit, streamId);

        ModelCall Append(StreamId streamId)
        {
            var events = MyCalls.NextEvents(streamId);
            return new ModelCall(ModelVerb.Append, streamId)
            {
                Events = events,
                EventIds = [.. events.Select(static _ => Guid.CreateVersion7())]
            };
        }

        static async Task<Commit> SaveAsync(EventStore store, ModelCall[] unit)
        {
            await Task.Yield();
            await using var session = store.OpenSession();
            foreach (var call in unit)
                await call.DoAsync<Tally>(session.Events, Cancellation);
            return await session.SaveChangesAsync(Cancellation);
        }
    }

    private ModelUnit Save(ModelCall[] calls)
    {
        var unit = new ModelUnit(Model);
        foreach (var call in calls)
        {
            unit.Take(call).ShouldBeNull();
            Touched.Add(call.StreamId);
        }

        Model.Save(unit, _time.GetUtcNow()).Refusal.ShouldBeNull();
        return unit;
    }

    protected override async Task CompareSavedAsync(EventStore store, ModelUnit unit)
    {
        foreach (var streamId in unit.Streams)
            await CompareSavedAsync(store, unit, streamId);
    }

    /// <summary>
    /// When a store has saved a unit, the snapshots that it keeps show the stream as the unit left it, unless that is hidden or linked.
    /// </summary>
    private async Task CompareSavedAsync(EventStore store, ModelUnit unit, StreamId streamId)
    {
        if (Model.Streams.GetValueOrDefault(streamId) is not { State: ModelState.Active })
            return;

        var events = Model.Read(streamId).Select(static it => it.Event).ToList();
        var calls = unit.Calls.Where(call => call.StreamId == streamId).ToList();
        if (store == stores.Keeper && calls.Exists(static call => Concerns(call, static data => data is Ticked or Stopped)))
            await CompareRowAsync("doc_tally_v1", streamId, Tally.Of(streamId, events) is not null);
        if ((store == stores.Keeper || store == stores.Half)
            && streamId.TryGetGuid(out var id)
            && calls.Exists(static call => Concerns(call, static _ => true)))
            await CompareRowAsync("doc_watch_v1", streamId, Watch.Of(id, events) is not null);

        static bool Concerns(ModelCall call, Func<object, bool> handles) => call.Verb switch
        {
            ModelVerb.Append or ModelVerb.Start or ModelVerb.AppendToFetched => call.Events.Any(handles),
            ModelVerb.Unarchive or ModelVerb.Undelete or ModelVerb.Truncate or ModelVerb.Compact => true,
            _ => false,
        };
    }

    private async Task CompareRowAsync(string table, StreamId streamId, bool isThere)
    {
        var kept = (string)(await Bank.ExecuteAsync($"""
            select case
              when s.linked then 'linked'
              when d.stream is null or d.deleted_at is not null then 'none'
              when d.version = s.version and d.rewritten = s.rewritten then 'current'
              else 'old'
            end
            from {"{schema}"}.streams s left join {"{schema}"}.{table} d on d.stream = s.key
            where s.id = '{streamId}'
            """))!;
        if (kept == "linked")
            return;

        kept.ShouldBe(isThere ? "current" : "none", $"the row of {streamId} in {table}");
        InlineRows += isThere ? 1 : 0;
    }

    private async Task MaskAsync()
    {
        if (Calls.Current.Where(id => Model.Streams.ContainsKey(id)).ToArray() is not { Length: > 0 } existing)
            return;

        var streamId = Pick(existing);
        Note($"mask {streamId}");
        Touched.Add(streamId);
        await NextStore().Privacy.MaskAsync(streamId, cancellationToken: Cancellation);
        Model.Rewrite((id, data) => id == streamId && data is Ticked ticked ? ticked with { Note = "*" } : data);
    }

    private async Task LoseRowsAsync()
    {
        var streamId = Pick([.. Calls.Current]);
        Note($"lose the rows of {streamId}");
        Touched.Add(streamId);
        await Bank.ExecuteAsync(Random.Next(2) == 0
            ? $"delete from {{schema}}.doc_tally_v1 where id = '{streamId}'; "
                + $"delete from {{schema}}.doc_watch_v1 where id::text = '{streamId}'"
            : $"delete from {{schema}}.snapshots where stream = (select key from {{schema}}.streams where id = '{streamId}')");
    }

    /// <summary>Nothing is kept of a stream that is hidden, erased or linked, or of a past that was changed.</summary>
    private async Task CompareRowsAsync()
    {
        LiveRows += (long)(await Bank.ExecuteAsync("select count(*) from {schema}.snapshots"))!;
        foreach (var table in (string[])["doc_tally_v1", "doc_watch_v1", "snapshots"])
        {
            (await Bank.ExecuteAsync(
                $"select count(*) from {{schema}}.{table} n left join {{schema}}.streams s on s.key = n.stream where (s.state = 0 and not "
                    + "s.linked and s.rewritten <= n.rewritten) is not true"))
                .ShouldBe(0L, $"what is left in {table}");
        }
    }

    protected T Pick<T>(T[] items) => items[Random.Next(items.Length)];
}
