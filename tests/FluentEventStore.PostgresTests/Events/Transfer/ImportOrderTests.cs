using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Imports beside others who read and append.</summary>
public sealed class ImportOrderTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly string _id = $"{Guid.NewGuid()}";

    [Fact]
    public async Task A_reader_that_follows_the_log_while_events_are_imported_misses_none_and_sees_none_twice()
    {
        var importing = Task.Run(() => ImportAsync(
            Enumerable.Range(0, 1_000).Select(index => Note($"{_id}-{index % 40}", (index / 40) + 1)),
            new ImportOptions { ChunkSize = 50 }), Token);
        var appending = Task.Run(async () =>
        {
            while (!importing.IsCompleted)
                await bank.AppendAsync($"{_id}-appended", new NoteTaken("appended"));
        }, Token);

        await using var session = bank.Store.OpenQuerySession();
        var seen = new List<IEvent>();
        bool ended;
        do
        {
            ended = importing.IsCompleted && appending.IsCompleted;
            seen.AddRange(
                await session.Events.ReadAllAsync(new LogRange { After = seen.Count > 0 ? seen[^1].Position : 0 }, Token)
                    .ToListAsync(Token));
        }
        while (!ended);
        await Task.WhenAll(importing, appending);

        ((long)seen.Count).ShouldBe(await bank.ExecuteAsync(
            "select count(*) from {schema}.events e join {schema}.streams s on s.key = e.stream where s.tenant = 'default'"));
        seen.Zip(seen.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position);
    }

    [Fact]
    public async Task A_sequence_that_lags_behind_the_events_is_moved_on_by_an_import()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        await bank.ExecuteAsync("select setval('{schema}.positions', 1)");

        // Only the owner may move it.
        await using var owner = bank.CreateOwnerStore();
        var report = await owner.Transfer.ImportAsync(((ImportedEvent[])[Note(_id, 3)]).ToAsyncEnumerable(), cancellationToken: Token);
        report.LastPosition.ShouldBeGreaterThan((await bank.FetchAsync(_id))[1].Position);
    }

    [Fact]
    public async Task Imports_and_appends_to_the_same_streams_neither_deadlock_nor_leave_holes()
    {
        StreamId[] streams = [.. Enumerable.Range(0, 20).Select(index => (StreamId)$"{_id}-{index}")];
        var importing = Enumerable.Range(0, 4).Select(import => Task.Run(() => ImportAsync(
            [.. streams.OrderBy(_ => Random.Shared.Next()).SelectMany(
                stream => (ImportedEvent[])[Note($"{stream}-{import}", 1), Note($"{stream}-{import}", 2)])],
            new ImportOptions { ChunkSize = 17 }), Token));
        var appending = Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var session = bank.Store.OpenSession();
            foreach (var stream in streams.OrderBy(_ => Random.Shared.Next()).Take(6))
                session.Events.Append($"{stream}-0", new NoteTaken("appended")).WithHeader("by", "session");
            await session.SaveChangesAsync(Token);
        });

        // An append may come before the import of its stream, which is then refused: that is a fault of the data and no deadlock.
        try
        {
            await Task.WhenAll(importing.Concat(appending));
        }
        catch (ImportException refusal)
        {
            refusal.Fault.ShouldBe(ImportFault.DifferentEvent);
        }

        (await bank.ExecuteAsync(
            $"select count(*) from {{schema}}.streams s where id like '{_id}%' and version <> (select count(*) from {{schema}}.events e "
                + "where e.stream = s.key)"))
            .ShouldBe(0L);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ImportedEvent Note(StreamId stream, long version) =>
        new(stream, version, new NoteTaken("imported")) { Timestamp = DateTimeOffset.UnixEpoch };

    private Task<ImportReport> ImportAsync(IEnumerable<ImportedEvent> events, ImportOptions? options = null) =>
        bank.Store.Transfer.ImportAsync(events.ToAsyncEnumerable(), options ?? new ImportOptions(), Token);
}
