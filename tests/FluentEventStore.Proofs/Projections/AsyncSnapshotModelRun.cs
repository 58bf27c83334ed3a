using FluentEventStore.PostgresTests.Models;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// Daemons come and go too, and keep the same snapshots as units of work do. In the end all rows are what the streams fold to, with the
/// times of their events.
/// </summary>
public sealed class AsyncSnapshotModelRun(BankStore bank, SnapshotStores stores, FakeTimeProvider time, int seed)
    : SnapshotModelRun(bank, stores, time, seed)
{
    private readonly IDaemon?[] _daemons = new IDaemon?[stores.Carriers.Count];

    /// <summary>How many rows were compared with what their streams fold to.</summary>
    public int Compared { get; private set; }

    public async Task FinishAsync()
    {
        await CatchUpAsync();
        await CompareKeptAsync(isFilled: false);
        await Kept.Carriers[0].FillSnapshotsAsync<Tally>(Cancellation);
        await Kept.Carriers[0].FillSnapshotsAsync<Watch>(Cancellation);
        await CompareKeptAsync(isFilled: true);
        foreach (var daemon in _daemons)
        {
            if (daemon is not null)
                await daemon.DisposeAsync();
        }
    }

    protected override async Task StepAsync()
    {
        switch (Random.Next(25))
        {
            case 0 or 1:
                await MoveDaemonAsync();
                break;
            case 2:
                await CatchUpAsync();
                await CompareKeptAsync(isFilled: false);
                break;
            default:
                await base.StepAsync();
                break;
        }
    }

    private async Task MoveDaemonAsync()
    {
        var index = Random.Next(_daemons.Length);
        Note($"daemon {index} {(_daemons[index] is null ? "comes" : "goes")}");
        if (_daemons[index] is { } running)
            await running.DisposeAsync();

        _daemons[index] = _daemons[index] is null ? Kept.Carriers[index].BuildDaemon(DaemonMode.HotCold) : null;
        if (_daemons[index] is { } begun)
            await begun.StartAsync(Cancellation);
    }

    private async Task CatchUpAsync()
    {
        Note("catch up");
        if (Array.TrueForAll(_daemons, static daemon => daemon is null))
            await MoveDaemonAsync();

        await Pick([.. _daemons.OfType<IDaemon>()]).CatchUpAsync(Cancellation);
    }

    /// <summary>
    /// A row that is there is what its stream folds to. One that is not there may wait for the next event, if somebody changed the past.
    /// </summary>
    private async Task CompareKeptAsync(bool isFilled)
    {
        await using var session = Kept.Bare.OpenQuerySession();
        foreach (var (streamId, stream) in Model.Streams)
        {
            var events = await session.Events.FetchStreamAsync(streamId, cancellationToken: Cancellation);

            // A stream that had a link once is never kept again.
            var isKept = stream.State == ModelState.Active
                && await Bank.ExecuteAsync($"select linked from {{schema}}.streams where id = '{streamId}'") is false;
            await CompareRowAsync("tally", "data ->> 'trail'", streamId, isKept ? TallyOf(streamId, events) : null, isKept && isFilled);
            if (streamId.TryGetGuid(out var id))
                await CompareRowAsync("watch", "data ->> 'hours'", streamId, isKept ? WatchOf(id, events) : null, isKept && isFilled);
        }
    }

    private async Task CompareRowAsync(string name, string value, StreamId streamId, string? expected, bool isFilled)
    {
        var key = $"'{streamId}'{(name == "watch" ? "::uuid" : "")}";
        var row = (string?)await Bank.ExecuteAsync($"""
            select concat({value}, ' / ', created_at at time zone 'utc', ' / ', modified_at at time zone 'utc')
            from {"{schema}"}.doc_{name} where id = {key}
            """);
        if (row is null && !isFilled)
            return;

        row.ShouldBe(expected, $"the row of {streamId} in {name}, {(isFilled ? "filled" : "as it was kept")}");
        Compared++;
    }

    private static string? TallyOf(StreamId streamId, IReadOnlyList<IEvent> events)
    {
        var handled = events.Where(static e => e.Data is Ticked or Stopped).ToList();
        var tally = Tally.Of(streamId, ModelOf(handled));
        return tally is null ? null : Describe(tally.Trail, handled[0].Timestamp, handled[^1].Timestamp);
    }

    private static string? WatchOf(Guid id, IReadOnlyList<IEvent> events)
    {
        var (created, handled) = (default(DateTimeOffset), events.Where(static e => e.Data is Ticked or Stopped or WearerNamed).ToList());
        for (var count = 1; count <= handled.Count; count++)
        {
            if (Watch.Of(id, ModelOf(handled.Take(count))) is not null && Watch.Of(id, ModelOf(handled.Take(count - 1))) is null)
                created = handled[count - 1].Timestamp;
        }

        return Watch.Of(id, ModelOf(handled)) is { } watch ? Describe($"{watch.Hours}", created, handled[^1].Timestamp) : null;
    }

    private static string Describe(string value, DateTimeOffset created, DateTimeOffset modified) =>
        $"{value} / {created:yyyy-MM-dd HH:mm:ss} / {modified:yyyy-MM-dd HH:mm:ss}";

    private static IEnumerable<ModelEvent> ModelOf(IEnumerable<IEvent> events) =>
        events.Select(static e => new ModelEvent(e.Id, 0, e.Version, e.Data, new HashSet<string>()));
}
