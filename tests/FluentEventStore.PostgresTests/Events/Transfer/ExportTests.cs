using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Each test exports whole stores, so each has two of its own.</summary>
public sealed class ExportTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _source = new(server);
    private readonly BankStore _target = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _source.InitializeAsync();
        await _target.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_is_exported_and_imported_is_the_same_but_for_its_positions()
    {
        await FillAsync();
        var (file, exported) = await ExportAsync();
        var imported = await ImportAsync(file);

        exported.Events.ShouldBe(1_211);
        imported.ShouldBe(new ImportReport(1_211, 1_211, 0, 1_211, exported.Sha256));
        (await DescribeAsync(_target)).ShouldBe(await DescribeAsync(_source));
        (await DescribeStreamsAsync(_target)).ShouldBe(await DescribeStreamsAsync(_source));

        // And the other way round: what comes out of the copy has the same lines, apart from the positions.
        using var reader = new StreamReader(new MemoryStream((await ExportAsync(_target)).File));
        (await reader.ReadToEndAsync(Token)).Count(c => c == '\n').ShouldBe(1_213);
    }

    [Fact]
    public async Task Tags_of_properties_and_those_added_by_hand_are_found_in_the_copy_and_once()
    {
        await _source.AppendAsync("offer", new CourseOffered("algebra", 3));
        await using (var session = _source.Store.OpenSession())
        {
            session.Events.Append("note", new NoteTaken("a")).WithTag("course", "algebra").WithTag("who", "a:b");
            await session.SaveChangesAsync(Token);
        }

        var (file, _) = await ExportAsync();
        await ImportAsync(file);
        (await ImportAsync(file)).Skipped.ShouldBe(2);

        await using var reader = _target.Store.OpenSession();
        (await reader.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", "algebra"), Token)).Events.Count.ShouldBe(2);
        (await reader.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("who", "a:b"), Token)).Events.ShouldHaveSingleItem().StreamId.Value.ShouldBe("note");
    }

    [Fact]
    public async Task Streams_are_truncated_archived_and_deleted_in_the_copy_as_they_were()
    {
        await CloseAsync();
        var (file, exported) = await ExportAsync();
        await ImportAsync(file);

        (await DescribeAsync(_target)).ShouldBe(await DescribeAsync(_source));
        (await DescribeStreamsAsync(_target)).ShouldBe(await DescribeStreamsAsync(_source));
        (await _target.FetchAsync("deleted")).ShouldBeEmpty();
        (await _target.FetchAsync("scrubbed")).Select(static e => e.Version).ShouldBe([4, 5]);
        (await _target.AppendAsync("scrubbed", new NoteTaken("next"))).Streams["scrubbed"].Version.ShouldBe(6);
        (await ImportAsync(file)).ShouldBe(new ImportReport(exported.Events, 0, exported.Events, 0, exported.Sha256));
    }

    [Fact]
    public async Task What_is_exported_after_a_stream_was_truncated_goes_on_where_the_copy_has_it()
    {
        await _source.AppendAsync("s", [.. Enumerable.Range(1, 3).Select(static number => new NoteTaken($"{number}"))]);
        var (first, exported) = await ExportAsync();
        await ImportAsync(first);
        await _source.AppendAsync("s", [.. Enumerable.Range(4, 5).Select(static number => new NoteTaken($"{number}"))]);
        await ScrubAsync("s", keepLast: 2);

        var (second, _) = await ExportAsync(options: new ExportOptions { After = exported.To });
        (await ImportAsync(second)).Imported.ShouldBe(2);

        (await _target.FetchAsync("s")).Select(static e => (e.Version, ((NoteTaken)e.Data).Text)).ShouldBe([(7, "7"), (8, "8")]);
        (await ImportAsync(first)).Skipped.ShouldBe(3);
    }

    [Fact]
    public async Task A_file_says_of_itself_what_it_is_and_proves_it()
    {
        await _source.AppendAsync("s", new NoteTaken("ä \n \"quoted\" \u2028"));
        var (file, report) = await ExportAsync();

        var lines = Encoding.UTF8.GetString(file).Split('\n');
        lines.Length.ShouldBe(4);
        lines[3].ShouldBeEmpty();
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("format").GetString().ShouldBe("fluent-event-store-events");
        first.RootElement.GetProperty("version").GetInt32().ShouldBe(1);
        first.RootElement.GetProperty("schema").GetString().ShouldBe(_source.Schema);
        using var line = JsonDocument.Parse(lines[1]);
        line.RootElement.GetProperty("data").GetProperty("text").GetString().ShouldBe("ä \n \"quoted\" \u2028");
        using var last = JsonDocument.Parse(lines[2]);
        last.RootElement.GetProperty("events").GetInt64().ShouldBe(1);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines[0] + "\n" + lines[1] + "\n")));
        last.RootElement.GetProperty("sha256").GetString().ShouldBe(hash);
        report.ShouldBe(new ExportReport(1, 1, hash));
    }

    [Fact]
    public async Task An_empty_store_is_exported_and_imported()
    {
        var (file, report) = await ExportAsync();
        report.Events.ShouldBe(0);
        (await ImportAsync(file)).ShouldBe(new ImportReport(0, 0, 0, 0, report.Sha256));
    }

    [Fact]
    public async Task Exports_that_continue_each_other_are_imported_one_after_the_other_and_again()
    {
        await FillAsync();
        var (first, report) = await ExportAsync(options: new ExportOptions { To = 700 });
        report.To.ShouldBe(700);
        await _source.AppendAsync("late", new NoteTaken("late"));
        var (second, rest) = await ExportAsync(options: new ExportOptions { After = report.To });

        (report.Events + rest.Events).ShouldBe(1_212);
        (await Should.ThrowAsync<ImportException>(() => ImportAsync(second))).Fault.ShouldBe(ImportFault.Hole);
        (await DescribeAsync(_target)).ShouldBeEmpty();
        await ImportAsync(first);
        await ImportAsync(second);
        (await ImportAsync(first)).Skipped.ShouldBe(report.Events);
        (await DescribeAsync(_target)).ShouldBe(await DescribeAsync(_source));
    }

    [Fact]
    public async Task A_selection_holds_its_streams_only()
    {
        await FillAsync();
        (await SelectAsync(new ExportOptions { StreamId = "a-1" })).ShouldBe(["default/a-1 1"]);
        (await SelectAsync(new ExportOptions { StreamId = "red", TenantId = "red" })).Count.ShouldBe(10);
        (await SelectAsync(new ExportOptions { StreamId = "red" })).ShouldBeEmpty();
        (await SelectAsync(new ExportOptions { StreamId = "long" })).Count.ShouldBe(1_100);
        (await SelectAsync(new ExportOptions { StreamId = "long", After = 102, To = 104 })).ShouldBe(["default/long 3", "default/long 4"]);
        (await SelectAsync(new ExportOptions { StreamPrefix = "a-1" })).Count.ShouldBe(12);
        (await SelectAsync(new ExportOptions { StreamPrefix = "%" })).ShouldBeEmpty();
        (await SelectAsync(new ExportOptions { TenantId = "red" })).Count.ShouldBe(10);
        (await SelectAsync(new ExportOptions { After = 5, To = 7 })).ShouldBe(["default/a-5 1", "default/a-6 1"]);
        Should.Throw<ArgumentException>(() => ExportAsync(options: new ExportOptions { StreamPrefix = "a", StreamId = "a" }));
        Should.Throw<ArgumentOutOfRangeException>(() => new ExportOptions { After = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new ExportOptions { To = -1 });
    }

    [Fact]
    public async Task A_file_that_cannot_seek_is_imported_too()
    {
        await FillAsync();
        var (file, report) = await ExportAsync();
        await using var input = PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(file)).AsStream();
        input.CanSeek.ShouldBeFalse();

        (await _target.Store.Transfer.ImportAsync(input, cancellationToken: Token)).Imported.ShouldBe(report.Events);
    }

    [Fact]
    public async Task An_export_ends_below_what_is_still_being_written()
    {
        await _source.AppendAsync("before", new NoteTaken("before"));
        await using var connection = new Npgsql.NpgsqlConnection(_source.ConnectionString);
        await connection.OpenAsync(Token);
        await using var slow = await connection.BeginTransactionAsync(Token);
        await using (var draw = new Npgsql.NpgsqlCommand(
            $"select pg_advisory_xact_lock_shared((select lock_tag::bigint from {_source.Schema}.store) << 48 | (select last_value from {_source.Schema}.positions)); select nextval('{_source.Schema}.positions')", connection))
            await draw.ExecuteNonQueryAsync(Token);

        await _source.AppendAsync("after", new NoteTaken("after"));
        (await ExportAsync()).Report.ShouldSatisfyAllConditions(report => report.Events.ShouldBe(1), report => report.To.ShouldBe(1));
    }

    private async Task FillAsync()
    {
        for (var index = 0; index < 100; index++)
            await _source.AppendAsync($"a-{index}", new NoteTaken($"{index}", index / 7.0));

        await using (var session = _source.Store.OpenSession())
        {
            session.CorrelationId = "c";
            session.UserName = "ada";
            session.SetHeader("k", "v \"x\"");
            session.Events.StartStream<Account>("long", [.. Enumerable.Range(0, 1_100).Select(index => new PaymentReceived(index))]);
            await session.SaveChangesAsync(Token);
        }

        await using var red = _source.Store.OpenSession("red");
        red.CausationId = "cause";
        red.Events.Append("red", [.. Enumerable.Range(0, 10).Select(index => new NoteTaken($"{index}"))]);
        await red.SaveChangesAsync(Token);
        await _source.AppendAsync("a-10", new NoteTaken("again"));
    }

    private async Task<(byte[] File, ExportReport Report)> ExportAsync(BankStore? store = null, ExportOptions? options = null)
    {
        using var output = new MemoryStream();
        var report = await (store ?? _source).Store.Transfer.ExportAsync(output, options, Token);
        return (output.ToArray(), report);
    }

    private Task<ImportReport> ImportAsync(byte[] file) =>
        _target.Store.Transfer.ImportAsync(new MemoryStream(file), new ImportOptions { ChunkSize = 500 }, cancellationToken: Token);

    /// <summary>Leaves streams of each state, and one that has lost its first events.</summary>
    private async Task CloseAsync()
    {
        foreach (var stream in (string[])["truncated", "scrubbed", "archived", "deleted"])
            await _source.AppendAsync(stream, [.. Enumerable.Range(1, 5).Select(static number => new NoteTaken($"{number}"))]);

        await ScrubAsync("scrubbed", keepLast: 2);
        await using var session = _source.Store.OpenSession();
        session.Events.TruncateStream("truncated", beforeVersion: 3);
        session.Events.ArchiveStream("archived");
        session.Events.DeleteStream("deleted");
        await session.SaveChangesAsync(Token);
    }

    private async Task ScrubAsync(StreamId stream, int keepLast)
    {
        await using var store = _source.CreateStore(options => options.Events.Retention.ForStream(stream, keepLast: keepLast));
        await store.ScrubAsync(cancellationToken: Token);
    }

    private async Task<List<string>> SelectAsync(ExportOptions options)
    {
        var (file, report) = await ExportAsync(options: options);
        var events = Encoding.UTF8.GetString(file).Split('\n')[1..^2].Select(line =>
        {
            using var @event = JsonDocument.Parse(line);
            return $"{@event.RootElement.GetProperty("tenant")}/{@event.RootElement.GetProperty("stream")} {@event.RootElement.GetProperty("version")}";
        }).ToList();
        events.Count.ShouldBe((int)report.Events);
        return events;
    }

    private static async Task<string> DescribeAsync(BankStore store) => await store.ExecuteAsync("""
        select string_agg(concat_ws('|', s.tenant, s.id, e.version, e.id, e.type, e.type_version, e.recorded_at, e.data, e.correlation_id, e.causation_id,
          e.user_name, e.headers, e.archived), E'\n' order by e.position)
        from {schema}.events e join {schema}.streams s on s.key = e.stream
        """) as string ?? "";

    private static async Task<string> DescribeStreamsAsync(BankStore store) => (string)(await store.ExecuteAsync("""
        select string_agg(concat_ws('|', tenant, id, version, aggregate_type, created_at, appended_at, state, truncated_before), E'\n' order by tenant, id) from {schema}.streams
        """))!;
}
