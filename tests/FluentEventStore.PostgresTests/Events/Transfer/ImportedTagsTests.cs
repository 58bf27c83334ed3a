using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>What is there already keeps the tags that it has now.</summary>
public sealed class ImportedTagsTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task A_file_that_is_imported_again_does_not_bring_back_the_tags_of_what_was_masked()
    {
        await Source.AppendAsync("c", new CourseOffered("secret", 3));
        var (first, _) = await ExportAsync();
        await ImportAsync(first);
        await MaskAsync();

        (await ImportAsync(first)).Skipped.ShouldBe(1);
        (await TagsAsync()).ShouldBe("course:*** c 1");
        await Source.AppendAsync("c", new CourseOffered("secret", 4));
        await Source.AppendAsync("d", new CourseOffered("open", 4));
        (await ImportAsync((await ExportAsync()).File)).Imported.ShouldBe(2);

        (await TagsAsync()).ShouldBe("course:*** c 1, course:open d 1, course:secret c 2");
        (await HeadsAsync()).ShouldBe("course:***, course:open, course:secret");
    }

    [Fact]
    public async Task Objects_that_are_imported_again_bring_back_neither_masked_tags_nor_their_heads()
    {
        await ImportAsync();
        await MaskAsync();

        (await ImportAsync()).Skipped.ShouldBe(1);

        (await TagsAsync()).ShouldBe("course:*** c 1");
        (await HeadsAsync()).ShouldBe("course:***");

        Task<ImportReport> ImportAsync() => Target.Store.Transfer.ImportAsync(
            new[] { new ImportedEvent("c", 1, new CourseOffered("secret", 3)) { Timestamp = DateTimeOffset.UnixEpoch } }
                .ToAsyncEnumerable(), cancellationToken: Token);
    }

    private async Task<string> TagsAsync() => (string)(await Target.ExecuteAsync("""
        select string_agg(concat_ws(' ', t.tag, s.id, e.version), ', ' order by t.tag)
        from {schema}.event_tags t join {schema}.events e on e.position = t.position join {schema}.streams s on s.key = e.stream
        """))!;

    private async Task<string> HeadsAsync() =>
        (string)(await Target.ExecuteAsync("select string_agg(tag, ', ' order by tag) from {schema}.tag_heads"))!;

    private async Task MaskAsync()
    {
        await using var store = Target.CreateStore(
            static options => options.Privacy.Mask<CourseOffered>(static e => e with { Course = "***" }));
        (await store.Privacy.MaskAsync("c", cancellationToken: Token)).Masked.ShouldBe(1);
    }
}
