using System.Text;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Links travel with the streams that they stand in.</summary>
public sealed class LinkTransferTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task Links_have_the_same_place_in_the_copy_and_lead_to_the_same_events()
    {
        await FillAsync();
        var (file, exported) = await ExportAsync();

        var report = await ImportAsync(file);

        report.ShouldBe(new ImportReport(exported.Events, exported.Events, 0, report.LastPosition, exported.Sha256));
        await ShouldBeAlikeAsync();
        (await Target.FetchAsync("mixed"))
            .Select(static e => $"{e.Link?.Version ?? e.Version} {e.StreamId} {e.Data}")
            .ShouldBe((await Source.FetchAsync("mixed")).Select(static e => $"{e.Link?.Version ?? e.Version} {e.StreamId} {e.Data}"));
        (await Target.FetchAsync("mixed")).Count.ShouldBe(4);
        (await Target.FetchAsync("index")).Count.ShouldBe(2);
        (await Target.AppendAsync("index", new NoteTaken("next"))).Streams["index"].Version.ShouldBe(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public async Task A_file_with_links_that_is_imported_again_changes_nothing(int chunkSize)
    {
        await FillAsync();
        var (file, exported) = await ExportAsync();
        await ImportAsync(file, new ImportOptions { ChunkSize = chunkSize });
        await ImportAsync((await ExportAsync(Target)).File);

        (await ImportAsync(file, new ImportOptions { ChunkSize = chunkSize })).ShouldBe(
            new ImportReport(exported.Events, 0, exported.Events, 0, exported.Sha256));

        await ShouldBeAlikeAsync();
    }

    [Fact]
    public async Task A_copy_is_continued_over_links_and_links_lead_to_events_that_it_already_has()
    {
        await Source.AppendAsync("a", new NoteTaken("a1"));
        await Source.AppendAsync("t", new NoteTaken("t1"));
        var (first, exported) = await ExportAsync();
        await ImportAsync(first);
        await LinkAsync("t", "a");
        var (second, continued) = await ExportAsync(options: new ExportOptions { After = exported.UpTo });
        await ImportAsync(second);
        await Source.AppendAsync("t", new NoteTaken("t3"));
        var (third, _) = await ExportAsync(options: new ExportOptions { After = continued.UpTo });
        await ImportAsync(third);

        continued.Events.ShouldBe(0);
        await ShouldBeAlikeAsync();
        (await Target.FetchAsync("t")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_link_whose_event_is_not_in_the_copy_keeps_its_version_until_the_event_comes()
    {
        await FillAsync();
        var (one, _) = await ExportAsync(options: new ExportOptions { StreamId = "mixed" });
        await ImportAsync(one);
        (await Target.FetchAsync("mixed")).Select(static e => e.Version).ShouldBe([1, 3]);
        (await Target.AppendAsync("mixed", new NoteTaken("mine"))).Streams["mixed"].Version.ShouldBe(5);

        await ImportAsync((await ExportAsync()).File);

        (await Target.FetchAsync("mixed")).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([1, 2, 3, 4, 5]);
        await ImportAsync((await ExportAsync()).File);
        (await Target.FetchAsync("mixed")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Links_of_streams_with_a_prefix_and_of_one_tenant_are_exported_with_them()
    {
        await FillAsync();
        var (file, _) = await ExportAsync(options: new ExportOptions { StreamPrefix = "mix", TenantId = TenantId.Default });

        Encoding.UTF8.GetString(file).Split("\"link\"").Length.ShouldBe(3);
        await ImportAsync(file);
        (await DescribeLinksAsync(Target)).Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task More_links_than_a_page_holds_are_copied_in_their_order()
    {
        await Source.AppendAsync("a", [.. Enumerable.Range(0, 2_500).Select(static number => new NoteTaken($"{number}"))]);
        var events = await Source.FetchAsync("a");
        await Source.AppendAsync("t", new NoteTaken("first"));
        await ChangeAsync(Source, operations => operations.LinkTo("t", events));
        await Source.AppendAsync("t", new NoteTaken("last"));
        await ChangeAsync(Source, operations => operations.LinkTo("u", events.Take(10)));

        await ImportAsync((await ExportAsync()).File);

        await ShouldBeAlikeAsync();
        (await Target.FetchAsync("t")).Count.ShouldBe(2_502);
        var (one, _) = await ExportAsync(options: new ExportOptions { StreamId = "t" });
        (await ImportAsync(one)).Skipped.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_ends_with_a_link_is_closed_in_the_copy(bool isDeleted)
    {
        await FillAsync();
        foreach (var stream in (string[])["mixed", "index"])
        {
            await ChangeAsync(Source, operations =>
            {
                if (isDeleted)
                    operations.DeleteStream(stream);
                else
                    operations.ArchiveStream(stream);
            });
        }

        await ImportAsync((await ExportAsync()).File);

        await ShouldBeAlikeAsync();
        (await Target.FetchAsync("mixed")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_stream_has_no_link_before_its_first_version_that_is_read()
    {
        await FillAsync();
        await ChangeAsync(Source, static operations => operations.TruncateStream("mixed", beforeVersion: 3));
        await Source.Store.ScrubAsync(cancellationToken: Token);

        await ImportAsync((await ExportAsync()).File);

        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
        (await DescribeLinksAsync(Target)).ShouldBe(await DescribeLinksAsync(Source));
        (await Target.FetchAsync("mixed")).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_keeps_its_version_when_the_replacement_of_its_event_is_linked()
    {
        await Source.AppendAsync("a", new AmountEntered(1), new AmountEntered(2));
        await LinkAsync("t", "a");
        await ChangeAsync(Source, static operations => operations.CompactStream("a", 2, new BalanceCarried(3)));
        await LinkAsync("t", "a");
        await Source.AppendAsync("t", new NoteTaken("last"));
        (await Source.FetchAsync("t")).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([2, 3]);

        await ImportAsync((await ExportAsync()).File);

        (await Target.FetchAsync("t")).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([2, 3]);
        (await Target.FetchAsync("t"))[0].Data.ShouldBe(new BalanceCarried(3));
        await ImportAsync((await ExportAsync()).File);
    }

    [Fact]
    public async Task A_later_link_to_the_same_event_takes_it_over_where_the_earlier_one_was_scrubbed_in_the_source_alone()
    {
        await Source.AppendAsync("a", new NoteTaken("a1"));
        await LinkAsync("t", "a");
        await Source.AppendAsync("t", new NoteTaken("t2"));
        var (first, exported) = await ExportAsync();
        await ImportAsync(first);
        await ChangeAsync(Source, static operations => operations.TruncateStream("t", beforeVersion: 2));
        await Source.Store.ScrubAsync(cancellationToken: Token);
        await LinkAsync("t", "a");

        await ImportAsync((await ExportAsync(options: new ExportOptions { After = exported.UpTo })).File);

        (await Target.FetchAsync("t")).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task An_export_ends_below_a_link_that_stands_behind_what_is_still_being_written()
    {
        await Source.AppendAsync("a", new NoteTaken("a1"));
        await LinkAsync("before", "a");
        await using var connection = new NpgsqlConnection(Source.ConnectionString);
        await connection.OpenAsync(Token);
        await using var slow = await connection.BeginTransactionAsync(Token);
        await using (var draw = new NpgsqlCommand(
            $"select pg_advisory_xact_lock_shared((select lock_tag::bigint from {Source.Schema}.store) << 48 | (select last_value from "
                + $"{Source.Schema}.positions)); select nextval('{Source.Schema}.positions')", connection))
            await draw.ExecuteNonQueryAsync(Token);

        await LinkAsync("after", "a");
        var (file, report) = await ExportAsync();

        (report.Events, report.UpTo).ShouldBe((1, 2));
        Encoding.UTF8.GetString(file).ShouldNotContain("after\",");
        await slow.RollbackAsync(Token);
        await ImportAsync(file);
        await ImportAsync((await ExportAsync(options: new ExportOptions { After = report.UpTo })).File);
        await ShouldBeAlikeAsync();
    }

    [Fact]
    public async Task Another_event_or_link_in_the_place_of_a_link_is_refused_before_anything_is_imported()
    {
        await FillAsync();
        await Target.AppendAsync("index", new NoteTaken("mine"));

        var refusal = await Should.ThrowAsync<ImportException>(async () => await ImportAsync((await ExportAsync()).File));

        (refusal.Fault, refusal.StreamId.Value, refusal.Version, refusal.Imported).ShouldBe((ImportFault.DifferentEvent, "index", 1, 0));
        refusal.Message.ShouldContain("has no link to");
    }

    [Fact]
    public async Task A_link_that_is_missing_in_the_file_is_a_hole()
    {
        await FillAsync();
        var lines = Encoding.UTF8.GetString((await ExportAsync(options: new ExportOptions { StreamId = "mixed" })).File).Split('\n');
        var without = Encoding.UTF8.GetBytes(
            string.Join('\n', lines.Where(static line => !line.Contains("\"version\":2,", StringComparison.Ordinal))));

        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(without));

        (refusal.Fault, refusal.Version).ShouldBe((ImportFault.Hole, 3));
    }

    [Theory]
    [InlineData("\"link\":\"0197b0a4-0000-7000-8000-000000000001\"", "timestamp")]
    [InlineData("\"link\":\"0197b0a4-0000-7000-8000-000000000001\",\"timestamp\":\"2024-01-01T00:00:00Z\",\"data\":{}", "data")]
    [InlineData("\"link\":7,\"timestamp\":\"2024-01-01T00:00:00Z\"", "link")]
    public async Task A_line_that_does_not_describe_a_link_is_refused_with_its_fault(string rest, string culprit)
    {
        var lines = Encoding.UTF8.GetString((await ExportAsync()).File).Split('\n');
        var file = Encoding.UTF8.GetBytes($"{lines[0]}\n{{\"tenant\":\"default\",\"stream\":\"s\",\"version\":1,{rest}}}\n{lines[1]}\n");

        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(file));

        (refusal.Fault, refusal.Line).ShouldBe((ImportFault.Line, 2));
        refusal.Message.ShouldContain($"'{culprit}'");
    }

    /// <summary>Leaves a stream of events and links, which ends with a link, and one of links alone; the log ends with a link.</summary>
    private async Task FillAsync()
    {
        await Source.AppendAsync("a", new NoteTaken("a1"), new NoteTaken("a2"));
        await Source.AppendAsync("mixed", new NoteTaken("m1"));
        var a = await Source.FetchAsync("a");
        await ChangeAsync(Source, operations => operations.LinkTo("mixed", a[0]));
        await Source.AppendAsync("mixed", new NoteTaken("m3"));
        await ChangeAsync(Source, operations => operations.LinkTo("mixed", a[1]));
        await ChangeAsync(Source, operations => operations.LinkTo("index", a));
    }

    private async Task LinkAsync(StreamId stream, StreamId to)
    {
        var last = (await Source.FetchAsync(to))[^1];
        await ChangeAsync(Source, operations => operations.LinkTo(stream, last));
    }

    private async Task ShouldBeAlikeAsync()
    {
        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
        (await DescribeStreamsAsync(Target)).ShouldBe(await DescribeStreamsAsync(Source));
        (await DescribeLinksAsync(Target)).ShouldBe(await DescribeLinksAsync(Source));
    }

    private static async Task<string> DescribeLinksAsync(BankStore store) => await store.ExecuteAsync("""
        select string_agg(
          concat_ws('|', s.tenant, s.id, l.version, l.event_id, l.recorded_at, o.id, e.version, s.linked), E'\n' order by l.position)
        from {schema}.links l
        join {schema}.streams s on s.key = l.stream
        left join {schema}.events e on e.position = l.event_position
        left join {schema}.streams o on o.key = e.stream
        """) as string ?? "";

    private static async Task ChangeAsync(BankStore store, Action<IEventOperations> change)
    {
        await using var session = store.Store.OpenSession();
        change(session.Events);
        await session.SaveChangesAsync(Token);
    }
}
