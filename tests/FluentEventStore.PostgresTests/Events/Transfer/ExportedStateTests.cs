using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>What an export tells of streams that are truncated, archived or deleted.</summary>
public sealed class ExportedStateTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task Streams_are_truncated_archived_and_deleted_in_the_copy_as_they_were()
    {
        await CloseAsync();
        var (file, exported) = await ExportAsync();
        await ImportAsync(file);

        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
        (await DescribeStreamsAsync(Target)).ShouldBe(await DescribeStreamsAsync(Source));
        (await Target.FetchAsync("deleted")).ShouldBeEmpty();
        (await Target.FetchAsync("scrubbed")).Select(static e => e.Version).ShouldBe([4, 5]);
        (await Target.AppendAsync("scrubbed", new NoteTaken("next"))).Streams["scrubbed"].Version.ShouldBe(6);
        (await ImportAsync(file)).ShouldBe(new ImportReport(exported.Events, 0, exported.Events, 0, exported.Sha256));
    }

    [Fact]
    public async Task A_copy_that_lacks_what_was_scrubbed_is_not_continued_over_the_hole()
    {
        await Source.AppendAsync("s", [.. Enumerable.Range(1, 3).Select(static number => new NoteTaken($"{number}"))]);
        var (first, exported) = await ExportAsync();
        await ImportAsync(first);
        await Source.AppendAsync("s", [.. Enumerable.Range(4, 5).Select(static number => new NoteTaken($"{number}"))]);
        await ScrubAsync("s", keepLast: 2);

        var (second, _) = await ExportAsync(options: new ExportOptions { After = exported.UpTo });
        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(second));

        (refusal.Fault, refusal.Version).ShouldBe((ImportFault.Hole, 7));
        (await Target.FetchAsync("s")).Count.ShouldBe(3);
        await Target.ExecuteAsync(
            "select set_config('fes.permit', 'test', true); delete from {schema}.events; delete from {schema}.streams");
        (await ImportAsync(second)).Imported.ShouldBe(2);
    }

    [Fact]
    public async Task Events_that_a_copy_has_are_not_hidden_by_a_compaction_that_is_not_in_the_file()
    {
        await Source.AppendAsync("ledger", new AmountEntered(100), new AmountEntered(-10), new AmountEntered(5));
        var (first, exported) = await ExportAsync();
        await ImportAsync(first);
        await ChangeAsync(static events => events.CompactStream("ledger", upToVersion: 2, new BalanceCarried(90)));
        await Source.AppendAsync("ledger", new AmountEntered(1));
        var (second, _) = await ExportAsync(options: new ExportOptions { After = exported.UpTo });
        await ImportAsync(second);

        await using var reader = Target.Store.OpenQuerySession();
        (await reader.Events.AggregateStreamAsync<Ledger>("ledger", cancellationToken: Token))!.Total.ShouldBe(96);
    }

    [Fact]
    public async Task A_stream_is_closed_by_the_file_that_holds_its_last_event()
    {
        await Source.AppendAsync("s", new NoteTaken("1"));
        var (_, exported) = await ExportAsync();
        await Source.AppendAsync("s", new NoteTaken("2"));
        await ChangeAsync(static events => events.ArchiveStream("s"));
        var (first, _) = await ExportAsync(options: new ExportOptions { UpTo = exported.UpTo });
        await ImportAsync(first);
        (await Target.FetchAsync("s")).Count.ShouldBe(1);

        var (second, _) = await ExportAsync(options: new ExportOptions { After = exported.UpTo });
        await ImportAsync(second);
        (await Target.FetchAsync("s")).ShouldBeEmpty();
        await ChangeAsync(static events => events.DeleteStream("s"));
        var (third, _) = await ExportAsync();
        await ImportAsync(third);

        (await DescribeStreamsAsync(Target)).ShouldBe(await DescribeStreamsAsync(Source));
    }

    /// <summary>Leaves streams of each state, and one that has lost its first events.</summary>
    private async Task CloseAsync()
    {
        foreach (var stream in (string[])["truncated", "scrubbed", "archived", "deleted"])
            await Source.AppendAsync(stream, [.. Enumerable.Range(1, 5).Select(static number => new NoteTaken($"{number}"))]);

        await ScrubAsync("scrubbed", keepLast: 2);
        await ChangeAsync(static events =>
        {
            events.TruncateStream("truncated", beforeVersion: 3);
            events.ArchiveStream("archived");
            events.DeleteStream("deleted");
        });
    }

    private async Task ChangeAsync(Action<IEventOperations> change)
    {
        await using var session = Source.Store.OpenSession();
        change(session.Events);
        await session.SaveChangesAsync(Token);
    }

    private async Task ScrubAsync(StreamId stream, int keepLast)
    {
        await using var store = Source.CreateStore(options => options.Events.Retention.ForStream(stream, keepLast: keepLast));
        await store.ScrubAsync(cancellationToken: Token);
    }
}
