using System.Text;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>What the caller does to its objects while they are used changes nothing.</summary>
public sealed class ChangedObjectsTests(PostgresServer server) : TwoStoresTests(server)
{
    [Fact]
    public async Task Options_that_are_changed_while_an_export_runs_count_as_they_were()
    {
        await Source.AppendAsync("mine", [.. Enumerable.Range(0, 2_500).Select(static number => new NoteTaken($"{number}"))]);
        await Source.AppendAsync("yours", [.. Enumerable.Range(0, 2_500).Select(static number => new NoteTaken($"{number}"))]);
        var options = new ExportOptions { StreamPrefix = "mine" };
        await using var output = new ChangingStream(
            () => (options.StreamPrefix, options.StreamId, options.IncludeKeys) = (null, "yours", true));

        (await Source.Store.Transfer.ExportAsync(output, options, Token)).Events.ShouldBe(2_500);

        Encoding.UTF8.GetString(output.ToArray()).ShouldNotContain("yours");
    }

    [Fact]
    public async Task Options_that_are_changed_while_an_import_runs_count_as_they_were()
    {
        await Source.AppendAsync("s", [.. Enumerable.Range(0, 50).Select(static number => new NoteTaken($"{number}"))]);
        var (file, _) = await ExportAsync();
        var chunks = new Counter();
        var options = new ImportOptions { ChunkSize = 25, Progress = chunks };
        await using var input = new ChangingStream(
            () => (options.ChunkSize, options.TenantId, options.Progress) = (1, "other", null), file);

        (await Target.Store.Transfer.ImportAsync(input, options, Token)).Imported.ShouldBe(50);

        chunks.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Headers_and_tags_that_are_changed_after_they_were_given_are_imported_as_they_were()
    {
        var headers = new Dictionary<string, string> { ["a"] = "b" };
        var tags = new List<Tag> { new("who", "ada") };
        var @event = new ImportedEvent("s", 1, new NoteTaken("x")) { Timestamp = DateTimeOffset.UnixEpoch, Headers = headers, Tags = tags };
        headers["bad"] = "a\0b";
        tags[0] = default;

        await Target.Store.Transfer.ImportAsync(new[] { @event }.ToAsyncEnumerable(), cancellationToken: Token);

        (await Target.FetchAsync("s")).ShouldHaveSingleItem().Headers.ShouldBe(new Dictionary<string, string> { ["a"] = "b" });
        (await Target.ExecuteAsync("select string_agg(tag, ',') from {schema}.event_tags")).ShouldBe("who:ada");
    }

    private sealed class Counter : IProgress<TransferProgress>
    {
        public int Count { get; private set; }

        public void Report(TransferProgress value) => Count++;
    }

    /// <summary>Calls back each time something is written or read.</summary>
    private sealed class ChangingStream(Action change, params byte[] bytes) : MemoryStream
    {
        private readonly MemoryStream _input = new(bytes);

        public override long Position
        {
            get => bytes.Length > 0 ? _input.Position : base.Position;
            set => _input.Position = value;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            change();
            return await _input.ReadAsync(buffer, cancellationToken);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            change();
        }
    }
}
