using System.Text;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

public abstract class ImportTests(BankStore bank)
{
    private static readonly DateTimeOffset Noon = new(2020, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));

    private readonly Guid _sharedId = Guid.NewGuid();

    private readonly string _id = $"{Guid.NewGuid()}";

    [Fact]
    public async Task Imported_events_keep_everything_but_their_position()
    {
        var id = Guid.NewGuid();
        var report = await ImportAsync(
        [
            new(_id, 1, new NoteTaken("a"))
            {
                Id = id,
                Timestamp = Noon.AddTicks(17),
                TenantId = "red",
                CorrelationId = "correlation",
                CausationId = "causation",
                UserName = "ada",
                AggregateType = "notebook",
                Headers = new Dictionary<string, string> { ["k"] = "v" },
            },
            new(_id, 2, "legacy", 3, "{\"x\": [1, \"\\u00e9\"]}"u8.ToArray()) { Timestamp = Noon.AddDays(1), TenantId = "red" },
        ]);

        report.ShouldBe(new ImportReport(Events: 2, Imported: 2, Skipped: 0, report.LastPosition, Sha256: null));
        await using var session = bank.Store.OpenQuerySession("red");
        var first = (await session.Events.FetchStreamAsync(_id, new StreamRange { MaxCount = 1 }, Token)).ShouldHaveSingleItem();
        first.Data.ShouldBe(new NoteTaken("a"));
        first.Id.ShouldBe(id);
        first.Timestamp.ShouldBe(Noon.AddTicks(10));
        first.Timestamp.Offset.ShouldBe(TimeSpan.Zero);
        (first.CorrelationId, first.CausationId, first.UserName).ShouldBe(("correlation", "causation", "ada"));
        first.Headers.ShouldBe(new Dictionary<string, string> { ["k"] = "v" });
        first.Position.ShouldBe(report.LastPosition - 1);
        var state = (await session.Events.FetchStreamStateAsync(_id, Token))!;
        state.ShouldBe(new StreamState(_id, 2, Noon, Noon.AddDays(1), "notebook", IsArchived: false) with
        {
            Created = Noon.AddTicks(10),
            StoredVersion = new StoredVersion(2, state.StoredVersion.Life, Rewrites: 0),
        });
        (await bank.ExecuteAsync(
            $"select type || type_version || data::text from {{schema}}.events where position = {report.LastPosition}"))
            .ShouldBe("legacy3{\"x\": [1, \"é\"]}");
    }

    [Fact]
    public async Task Positions_follow_the_order_given_and_streams_may_be_mixed()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var versions = new long[7];
        var given = Enumerable.Range(0, 500)
            .Select(_ => random.Next(7))
            .Select(stream => Note($"{_id}-{stream}", ++versions[stream]))
            .ToList();
        await ImportAsync(given, new ImportOptions { ChunkSize = 60 });

        await using var session = bank.Store.OpenQuerySession();
        var read = await session.Events.ReadAllAsync(cancellationToken: Token)
            .Where(e => e.StreamId.Value.StartsWith(_id, StringComparison.Ordinal))
            .ToListAsync(Token);
        read.Select(e => (e.StreamId, e.Version)).ShouldBe(given.Select(e => (e.StreamId, e.Version)));
        for (var stream = 0; stream < 7; stream++)
            (await session.Events.FetchStreamStateAsync($"{_id}-{stream}", Token))!.Version.ShouldBe(versions[stream]);
    }

    [Fact]
    public async Task An_import_goes_on_where_a_stream_ends_and_appending_goes_on_after_it()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        await ImportAsync([Note(_id, 3), Note(_id, 4)]);
        (await bank.AppendAsync(_id, new NoteTaken("5"))).Streams[_id].Version.ShouldBe(5);

        var events = await bank.FetchAsync(_id);
        events.Select(e => e.Version).ShouldBe([1, 2, 3, 4, 5]);
        events.Zip(events.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position);
    }

    [Fact]
    public async Task An_import_that_is_run_again_skips_what_is_there()
    {
        var given = Enumerable.Range(1, 10).Select(version => Note(_id, version)).ToList();
        await ImportAsync(given[..4]);

        (await ImportAsync(given, new ImportOptions { ChunkSize = 3 })).ShouldBe(
            new ImportReport(10, 6, 4, await LastPositionAsync(), null));
        (await ImportAsync(given)).ShouldBe(new ImportReport(10, 0, 10, 0, null));
        (await bank.FetchAsync(_id)).Select(e => e.Version).ShouldBe(Enumerable.Range(1, 10).Select(version => (long)version));
    }

    [Fact]
    public async Task An_event_without_an_id_gets_a_unique_one_that_only_this_store_can_make()
    {
        ImportedEvent[] events = [
            Note(_id, 1),
            Note(_id, 2),
            Note($"{_id}-", 1),
            new(_id, 1, new NoteTaken("")) { Timestamp = Noon, TenantId = "red" }
        ];
        await ImportAsync(events);

        var ids = (Guid[])(await bank.ExecuteAsync(
            "select array_agg(e.id order by e.position) "
                + $"from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.id ^@ '{_id}'"))!;
        ids.Distinct().Count().ShouldBe(4);
        ids.ShouldAllBe(static id => id.Version == 8);

        // What anybody could compute from them.
        var name = (byte[])[.. Encoding.UTF8.GetBytes($"default\0{_id}\0"), 0, 0, 0, 0, 0, 0, 0, 1];
        ids[0].ToByteArray(bigEndian: true)[9..].ShouldNotBe(System.Security.Cryptography.SHA256.HashData(name)[3..10]);
        (await bank.ExecuteAsync(
            "update {schema}.store set import_secret = import_secret returning import_secret = '00000000-0000-0000-0000-000000000000'"))
            .ShouldBe(false);
    }

    [Fact]
    public async Task An_event_of_another_tenant_than_the_one_that_is_imported_is_refused()
    {
        var refusal = await RefuseAsync(
            [new(_id, 1, new NoteTaken("")) { Timestamp = Noon, TenantId = "red" }, Note(_id, 1)], new ImportOptions
            {
                TenantId = "red",
                ChunkSize = 1
            });
        (refusal.Fault, refusal.Index, refusal.TenantId, refusal.StreamId).ShouldBe((ImportFault.OtherTenant, 2, TenantId.Default, _id));
        refusal.Message.ShouldContain("'red'");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
        ImportedEvent ofRed = new(_id, 1, new NoteTaken("")) { Timestamp = Noon, TenantId = "red" };
        (await ImportAsync([ofRed], new ImportOptions { TenantId = "red" })).Events.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 3, ImportFault.Hole, 3)]
    [InlineData(1, 1, ImportFault.RepeatedVersion, 1)]
    [InlineData(2, 3, ImportFault.Hole, 2)]
    public async Task Versions_with_a_gap_are_refused_with_the_stream_and_the_version(
        long first, long second, ImportFault fault, long version)
    {
        foreach (var chunkSize in (int[])[1, 10])
        {
            var stream = $"{_id}-{chunkSize}";
            var refusal = await RefuseAsync(
                [Note(stream, first), Note(stream, second, "other")], new ImportOptions { ChunkSize = chunkSize });

            // In a chunk of its own, a repeated version is another event in a place that is taken.
            refusal.Fault.ShouldBe(fault == ImportFault.RepeatedVersion && chunkSize == 1 ? ImportFault.DifferentEvent : fault);
            (refusal.StreamId, refusal.Version, refusal.TenantId).ShouldBe(((StreamId)stream, version, TenantId.Default));
            refusal.Index.ShouldBe(version == first && first > 1 ? 1 : 2);
            refusal.Line.ShouldBe(0);
            refusal.Imported.ShouldBe(chunkSize == 1 && first == 1 ? 1 : 0);
            (await bank.FetchAsync(stream)).Count.ShouldBe((int)refusal.Imported);
            refusal.Message.ShouldContain($"version {version} of stream '{stream}'");
        }
    }

    [Fact]
    public async Task A_repeated_id_is_refused_in_a_chunk_and_across_chunks_and_streams()
    {
        var id = Guid.NewGuid();
        foreach (var chunkSize in (int[])[1, 10])
        {
            var stream = $"{_id}-{chunkSize}";
            var refusal = await RefuseAsync(
                [
                    Note($"{stream}-a", 1),
                    Note($"{stream}-b", 1, "b", chunkSize == 1 ? id : _sharedId),
                    Note($"{stream}-c", 1, "c", chunkSize == 1 ? id : _sharedId)
                ],
                new ImportOptions { ChunkSize = chunkSize });
            (refusal.Fault, refusal.Index, refusal.StreamId).ShouldBe((ImportFault.RepeatedId, 3, $"{stream}-c"));
        }

        (await RefuseAsync([Note($"{_id}-d", 1, "d", id)])).Reason.ShouldContain($"version 1 of stream '{_id}-1-b'");
    }

    [Fact]
    public async Task Another_event_at_a_version_that_is_there_is_refused()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"), new NoteTaken("2"));
        var refusal = await RefuseAsync([Note(_id, 2), Note(_id, 3)]);

        (refusal.Fault, refusal.Version, refusal.Index).ShouldBe((ImportFault.DifferentEvent, 2, 1));
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_is_closed_takes_no_import()
    {
        await bank.AppendAsync(_id, new NoteTaken("1"));
        await bank.TamperAsync($"update {{schema}}.streams set state = 1 where id = '{_id}'");

        var refusal = await RefuseAsync([Note($"{_id}-other", 1), Note(_id, 2)]);
        (refusal.Fault, refusal.StreamId, refusal.Index).ShouldBe((ImportFault.ClosedStream, _id, 2));
        (await bank.FetchAsync($"{_id}-other")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\": \"\\u0000\"}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("[1e99999]")]
    [InlineData("nul")]
    [InlineData("/*x*/{}")]
    [InlineData("\uFEFF{}")]
    [InlineData("\u00ff")]
    public async Task Raw_data_that_the_database_would_not_accept_as_JSON_is_refused_before_it_is_sent(string json)
    {
        var bytes = json == "\u00ff" ? [(byte)'"', 0xFF, (byte)'"'] : Encoding.UTF8.GetBytes(json);
        var refusal = await RefuseAsync([Note(_id, 1), new(_id, 2, "legacy", 1, bytes) { Timestamp = Noon }]);

        (refusal.Fault, refusal.Index, refusal.Version).ShouldBe((ImportFault.Json, 2, 2));
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_that_cannot_be_encoded_is_refused_with_its_path()
    {
        var failure = await Should.ThrowAsync<EventSerializationException>(() => ImportAsync([Note(_id, 1), Note(_id, 2, "nul \0")]));
        (failure.StreamId, failure.Path).ShouldBe((_id, "$.text"));
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public void Wrong_arguments_are_refused_at_the_call()
    {
        Should.Throw<ArgumentException>(() => Note(default, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Note(_id, 0));
        Should.Throw<ArgumentException>(() => new ImportedEvent(_id, 1, (object)new Customer { Name = "Ada" }) { Timestamp = Noon });
        Should.Throw<ArgumentException>(() => new ImportedEvent(_id, 1, "", 1, "{}"u8.ToArray()) { Timestamp = Noon });
        Should.Throw<ArgumentOutOfRangeException>(() => new ImportedEvent(_id, 1, "x", 0, "{}"u8.ToArray()) { Timestamp = Noon });
        Should.Throw<ArgumentException>(() => new ImportedEvent(_id, 1, new NoteTaken("a")) { Timestamp = Noon, UserName = "\0" });
        Should.Throw<ArgumentOutOfRangeException>(() => new ImportOptions { ChunkSize = 0 });
    }

    [Fact]
    public async Task Progress_is_reported_after_each_transaction()
    {
        var told = new List<TransferProgress>();
        var report = await bank.Store.Transfer.ImportAsync(
            Enumerable.Range(1, 25).Select(version => Note(_id, version)).ToAsyncEnumerable(),
            new ImportOptions { ChunkSize = 10, Progress = new Recorder(told) },
            Token);

        told.Select(step => step.Imported).ShouldBe([10, 20, 25]);
        told[^1].LastPosition.ShouldBe(report.LastPosition);
    }

    [Fact]
    public async Task A_source_that_fails_leaves_whole_chunks_and_nothing_running()
    {
        await Should.ThrowAsync<InvalidDataException>(
            () => bank.Store.Transfer.ImportAsync(FailingAfter(25), new ImportOptions { ChunkSize = 10 }));
        (await bank.FetchAsync(_id)).Count.ShouldBe(20);
        (await bank.ExecuteAsync(
            "select count(*) from pg_stat_activity where state like 'idle in transaction%' and query like '%{schema}%'"))
            .ShouldBe(0L);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ImportedEvent Note(StreamId stream, long version, string text = "note", Guid id = default) =>
        new(stream, version, new NoteTaken(text)) { Timestamp = text == "other" ? Noon.AddHours(1) : Noon, Id = id };

    private Task<ImportReport> ImportAsync(IEnumerable<ImportedEvent> events, ImportOptions? options = null) =>
        bank.Store.Transfer.ImportAsync(events.ToAsyncEnumerable(), options ?? new ImportOptions(), Token);

    private Task<ImportException> RefuseAsync(IEnumerable<ImportedEvent> events, ImportOptions? options = null) =>
        Should.ThrowAsync<ImportException>(() => ImportAsync(events, options));

    private async Task<long> LastPositionAsync() => (await bank.FetchAsync(_id))[^1].Position;

    private async IAsyncEnumerable<ImportedEvent> FailingAfter(int count)
    {
        for (var version = 1; version <= count; version++)
            yield return Note(_id, version);

        await Task.Yield();
        throw new InvalidDataException("The source is broken.");
    }

    private sealed class Recorder(List<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => told.Add(value);
    }
}
