using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

public sealed class ExportTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task A_store_that_is_exported_and_imported_is_the_same_but_for_its_positions()
    {
        await FillAsync();
        var (file, exported) = await ExportAsync();
        var imported = await ImportAsync(file);

        exported.Events.ShouldBe(1_211);
        imported.ShouldBe(new ImportReport(1_211, 1_211, 0, 1_211, exported.Sha256));
        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
        (await DescribeStreamsAsync(Target)).ShouldBe(await DescribeStreamsAsync(Source));

        // And the other way round: what comes out of the copy has the same lines, apart from the positions.
        using var reader = new StreamReader(new MemoryStream((await ExportAsync(Target)).File));
        (await reader.ReadToEndAsync(Token)).Count(c => c == '\n').ShouldBe(1_213);
    }

    [Fact]
    public async Task Tags_of_properties_and_those_added_by_hand_are_found_in_the_copy_and_once()
    {
        await Source.AppendAsync("offer", new CourseOffered("algebra", 3));
        await using (var session = Source.Store.OpenSession())
        {
            session.Events.Append("note", new NoteTaken("a")).WithTag("course", "algebra").WithTag("who", "a:b");
            await session.SaveChangesAsync(Token);
        }

        var (file, _) = await ExportAsync();
        await ImportAsync(file);
        (await ImportAsync(file)).Skipped.ShouldBe(2);

        await using var reader = Target.Store.OpenSession();
        (await reader.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", "algebra"), Token)).Events.Count.ShouldBe(2);
        (await reader.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("who", "a:b"), Token)).Events
            .ShouldHaveSingleItem().StreamId.Value
            .ShouldBe("note");
    }

    [Fact]
    public async Task A_file_states_its_format_and_proves_its_content()
    {
        await Source.AppendAsync("s", new NoteTaken("ä \n \"quoted\" \u2028"));
        var (file, report) = await ExportAsync();

        var lines = Encoding.UTF8.GetString(file).Split('\n');
        lines.Length.ShouldBe(4);
        lines[3].ShouldBeEmpty();
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("format").GetString().ShouldBe("fluent-event-store-events");
        first.RootElement.GetProperty("version").GetInt32().ShouldBe(1);
        first.RootElement.GetProperty("schema").GetString().ShouldBe(Source.Schema);
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
    public async Task Exports_that_continue_each_other_can_be_imported_in_turn_and_once_more()
    {
        await FillAsync();
        var (first, report) = await ExportAsync(options: new ExportOptions { UpTo = 700 });
        report.UpTo.ShouldBe(700);
        await Source.AppendAsync("late", new NoteTaken("late"));
        var (second, rest) = await ExportAsync(options: new ExportOptions { After = report.UpTo });

        (report.Events + rest.Events).ShouldBe(1_212);
        (await Should.ThrowAsync<ImportException>(() => ImportAsync(second))).Fault.ShouldBe(ImportFault.Hole);
        (await DescribeAsync(Target)).ShouldBeEmpty();
        await ImportAsync(first);
        await ImportAsync(second);
        (await ImportAsync(first)).Skipped.ShouldBe(report.Events);
        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
    }

    [Fact]
    public async Task A_selection_holds_its_streams_only()
    {
        await FillAsync();
        (await SelectAsync(new ExportOptions { StreamId = "a-1" })).ShouldBe(["default/a-1 1"]);
        (await SelectAsync(new ExportOptions { StreamId = "red", TenantId = "red" })).Count.ShouldBe(10);
        (await SelectAsync(new ExportOptions { StreamId = "red" })).ShouldBeEmpty();
        (await SelectAsync(new ExportOptions { StreamId = "long" })).Count.ShouldBe(1_100);
        (await SelectAsync(new ExportOptions { StreamId = "long", After = 102, UpTo = 104 })).ShouldBe(
            ["default/long 3", "default/long 4"]);
        (await SelectAsync(new ExportOptions { StreamPrefix = "a-1" })).Count.ShouldBe(12);
        (await SelectAsync(new ExportOptions { StreamPrefix = "%" })).ShouldBeEmpty();
        (await SelectAsync(new ExportOptions { TenantId = "red" })).Count.ShouldBe(10);
        (await SelectAsync(new ExportOptions { After = 5, UpTo = 7 })).ShouldBe(["default/a-5 1", "default/a-6 1"]);
        Should.Throw<ArgumentException>(() => ExportAsync(options: new ExportOptions { StreamPrefix = "a", StreamId = "a" }));
        Should.Throw<ArgumentOutOfRangeException>(() => new ExportOptions { After = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new ExportOptions { UpTo = -1 });
    }

    [Fact]
    public async Task The_first_and_the_last_instant_are_copied_as_they_are_and_not_as_infinity()
    {
        var (first, last) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue.AddTicks(-9));
        foreach (var (stream, at) in new[]
        {
            ("a-first", first),
            ("b-last", last),
            ("c-max", DateTimeOffset.MaxValue),
            ("d-offset", new DateTimeOffset(1, 1, 1, 14, 0, 0, TimeSpan.FromHours(14)))
        })
            await Source.Store.Transfer.ImportAsync(
                new[] { new ImportedEvent(stream, 1, new NoteTaken(stream)) { Timestamp = at } }.ToAsyncEnumerable(),
                cancellationToken: Token);

        await ImportAsync((await ExportAsync()).File);

        foreach (var store in new[] { Source, Target })
        {
            (await store.ExecuteAsync("select count(*) from {schema}.events where not isfinite(recorded_at)")).ShouldBe(0L);
            (await store.ExecuteAsync("select count(*) from {schema}.streams where not isfinite(created_at) or not isfinite(appended_at)"))
                .ShouldBe(0L);
            foreach (var (stream, at) in new[] { ("a-first", first), ("b-last", last), ("c-max", last), ("d-offset", first) })
                (await store.FetchAsync(stream)).ShouldHaveSingleItem().Timestamp.ShouldBe(at);
        }

        (await DescribeStreamsAsync(Target)).ShouldBe(await DescribeStreamsAsync(Source));
    }

    [Fact]
    public async Task A_file_that_cannot_seek_is_imported_too()
    {
        await FillAsync();
        var (file, report) = await ExportAsync();
        await using var input = PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(file)).AsStream();
        input.CanSeek.ShouldBeFalse();

        (await Target.Store.Transfer.ImportAsync(input, cancellationToken: Token)).Imported.ShouldBe(report.Events);
    }

    [Fact]
    public async Task An_export_ends_below_what_is_still_being_written()
    {
        await Source.AppendAsync("before", new NoteTaken("before"));
        await using var connection = new Npgsql.NpgsqlConnection(Source.ConnectionString);
        await connection.OpenAsync(Token);
        await using var slow = await connection.BeginTransactionAsync(Token);
        await using (var draw = new Npgsql.NpgsqlCommand(
            $"select pg_advisory_xact_lock_shared((select lock_tag::bigint from {Source.Schema}.store) << 48 | (select last_value from "
                + $"{Source.Schema}.positions)); select nextval('{Source.Schema}.positions')", connection))
            await draw.ExecuteNonQueryAsync(Token);

        await Source.AppendAsync("after", new NoteTaken("after"));
        (await ExportAsync()).Report.ShouldSatisfyAllConditions(report => report.Events.ShouldBe(1), report => report.UpTo.ShouldBe(1));
    }

    private async Task FillAsync()
    {
        for (var index = 0; index < 100; index++)
            await Source.AppendAsync($"a-{index}", new NoteTaken($"{index}", index / 7.0));

        await using (var session = Source.Store.OpenSession())
        {
            session.CorrelationId = "c";
            session.UserName = "ada";
            session.SetHeader("k", "v \"x\"");
            session.Events.StartStream<Account>("long", [.. Enumerable.Range(0, 1_100).Select(index => new PaymentReceived(index))]);
            await session.SaveChangesAsync(Token);
        }

        await using var red = Source.Store.OpenSession("red");
        red.CausationId = "cause";
        red.Events.Append("red", [.. Enumerable.Range(0, 10).Select(index => new NoteTaken($"{index}"))]);
        await red.SaveChangesAsync(Token);
        await Source.AppendAsync("a-10", new NoteTaken("again"));
    }

    private async Task<List<string>> SelectAsync(ExportOptions options)
    {
        var (file, report) = await ExportAsync(options: options);
        var events = Encoding.UTF8.GetString(file).Split('\n')[1..^2].Select(line =>
        {
            using var @event = JsonDocument.Parse(line);
            return $"{@event.RootElement.GetProperty("tenant")}/{@event.RootElement.GetProperty("stream")} {@event.RootElement.GetProperty(
                "version")}";
        }).ToList();
        events.Count.ShouldBe((int)report.Events);
        return events;
    }
}
