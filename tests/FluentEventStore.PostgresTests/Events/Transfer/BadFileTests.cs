using System.Security.Cryptography;
using System.Text;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Files that differ from what was exported. Nothing of them is imported.</summary>
public sealed class BadFileTests(BankStore bank) : IClassFixture<BankStore>
{
    private const string First = """{"format":"fluent-event-store-events","version":1}""";

    private readonly string _id = $"{Guid.NewGuid()}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_is_refused()
    {
        var file = File([First, Event(1), Event(2), Event(3)]);
        var random = Seeded();
        foreach (var length in Enumerable.Range(0, 60).Select(_ => random.Next(file.Length - 1)).Append(0).Append(file.Length - 2))
        {
            var refusal = await RefuseAsync(file[..length]);
            refusal.Fault.ShouldBe(ImportFault.CutOff, $"cut at {length}");
            refusal.Line.ShouldBeInRange(file[..length].Count(b => b == '\n') + 1, file[..length].Count(b => b == '\n') + 1);
        }

        await ImportsNothingAsync();
    }

    [Fact]
    public async Task A_file_in_which_any_byte_is_changed_is_refused()
    {
        var file = File([First, Event(1), Event(2), Event(3)]);
        var random = Seeded();
        for (var round = 0; round < 150; round++)
        {
            var changed = file.ToArray();
            var at = random.Next(file.Length - 1);
            changed[at] ^= (byte)(1 << random.Next(8));
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"byte {at} changed to {changed[at]:x2}: {(await RefuseAsync(changed)).Message}");
        }

        await ImportsNothingAsync();
    }

    [Fact]
    public async Task Each_fault_is_reported_with_its_line()
    {
        await ExpectAsync([], ImportFault.CutOff, 1);
        await ExpectAsync("not json\n"u8.ToArray(), ImportFault.Json, 1);
        await ExpectAsync("[1]\n"u8.ToArray(), ImportFault.Line, 1);
        await ExpectAsync(File(["{\"format\":\"csv\",\"version\":1}"]), ImportFault.UnknownFormat, 1);
        await ExpectAsync(File(["{\"version\":1}"]), ImportFault.UnknownFormat, 1);
        (await ExpectAsync(File([First.Replace("1}", "2}", StringComparison.Ordinal), Event(1)]), ImportFault.UnknownFormat, 1)).Reason
            .ShouldContain("version 2");
        await ExpectAsync([0xEF, 0xBB, 0xBF, .. File([First, Event(1)])], ImportFault.Encoding, 1);
        await ExpectAsync(
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(File([First, Event(1)])))],
            ImportFault.Encoding,
            1);
        await ExpectAsync(
            File([First, Event(1), Event(2, "\"latin: \u0001\"")]).Select(b => b == 1 ? (byte)0xE4 : b).ToArray(), ImportFault.Encoding, 3);
        await ExpectAsync(File([First, Event(1), "{oops"]), ImportFault.Json, 3);
        await ExpectAsync(File([First, Event(1), ""]), ImportFault.Json, 3);
        await ExpectAsync(File([First, "null"]), ImportFault.Line, 2);
        await ExpectAsync([.. File([First, Event(1)]), .. "{}\n"u8], ImportFault.TrailingLines, 4);
        await ExpectAsync(File([First, Event(1)], count: 2), ImportFault.Changed, 3);
        await ExpectAsync(File([First, Event(1)], hash: new string('0', 64)), ImportFault.Changed, 3);
        await ExpectAsync(Encoding.UTF8.GetBytes($"{First}\n{Event(1)}\n{{\"events\":1}}\n"), ImportFault.Line, 3);
        await ExpectAsync("{\"\\ud800\":1}\n"u8.ToArray(), ImportFault.Json, 1);
        await ExpectAsync(
            File([First, Event(1), Event(2).Replace("\"type\"", "\"\\ud800\"", StringComparison.Ordinal)]), ImportFault.Line, 3);
        await ExpectAsync(File([First, Event(1)], hash: "\\ud800"), ImportFault.Json, 3);
        var latin = File([First, Event(1)], hash: "\u0001");
        latin[Array.IndexOf(latin, (byte)1)] = 0xE4;
        await ExpectAsync(latin, ImportFault.Encoding, 3);
        await ImportsNothingAsync();
    }

    [Fact]
    public async Task Events_that_do_not_fit_each_other_are_reported_with_line_stream_and_version()
    {
        foreach (var (second, fault) in ((string, ImportFault)[])
            [(Event(3), ImportFault.Hole), (Event(1), ImportFault.RepeatedVersion), (Event(2, id: IdOf(1)), ImportFault.RepeatedId)])
        {
            var refusal = await RefuseAsync(File([First, Event(1), second]));
            (refusal.Fault, refusal.Line, refusal.Index, refusal.StreamId).ShouldBe((fault, 3, 2, _id));
            refusal.Message.ShouldContain($"version {refusal.Version} of stream '{_id}'");
        }

        await ImportsNothingAsync();
    }

    [Theory]
    [InlineData("\"version\":2", "\"version\":0")]
    [InlineData("\"version\":2", "\"version\":\"2\"")]
    [InlineData("\"version\":2", "\"version\":2.5")]
    [InlineData("\"version\":2", "\"revision\":2")]
    [InlineData("\"version\":2", "\"version\":2,\"version\":2")]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"\"")]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"\\u0000\"")]
    [InlineData("\"type\":\"note-taken\"", "\"type\":null")]
    [InlineData("\"typeVersion\":1", "\"typeVersion\":-1")]
    [InlineData("\"timestamp\":\"2026-01-01T00:00:00.000001Z\"", "\"timestamp\":\"yesterday\"")]
    [InlineData("\"headers\":{}", "\"headers\":[]")]
    [InlineData("\"headers\":{}", "\"headers\":{\"a\":1}")]
    [InlineData("\"headers\":{}", "\"headers\":{\"\":\"a\"}")]
    [InlineData("\"headers\":{}", "\"x\":{}")]
    [InlineData("\"headers\":{}", "\"tags\":{}")]
    [InlineData("\"headers\":{}", "\"tags\":[1]")]
    [InlineData("\"headers\":{}", "\"tags\":[\"no colon\"]")]
    [InlineData("\"headers\":{}", "\"tags\":[\":no name\"]")]
    [InlineData("\"headers\":{}", "\"tags\":[\"no value:\"]")]
    [InlineData("\"headers\":{}", "\"state\":\"tombstoned\"")]
    [InlineData("\"headers\":{}", "\"state\":1")]
    [InlineData("\"headers\":{}", "\"truncatedBefore\":0")]
    public async Task A_line_that_does_not_describe_an_event_is_refused(string from, string to)
    {
        var line = Event(2);
        line.ShouldContain(from);
        await ExpectAsync(File([First, Event(1), line.Replace(from, to, StringComparison.Ordinal)]), ImportFault.Line, 3);
        await ImportsNothingAsync();
    }

    [Fact]
    public async Task A_line_of_an_empty_guid_is_refused()
    {
        await ExpectAsync(File([First, Event(1), Event(1, stream: $"{Guid.Empty}")]), ImportFault.Line, 3);
        await ImportsNothingAsync();
    }

    [Theory]
    [InlineData("{\"a\":\"\\u0000\"}")]
    [InlineData("\"\\udc00\"")]
    [InlineData("1e999999")]
    public async Task Data_that_the_database_cannot_keep_is_refused(string data)
    {
        await ExpectAsync(File([First, Event(1), Event(2, data)]), ImportFault.Json, 3);
        await ImportsNothingAsync();
    }

    [Fact]
    public async Task Data_as_deep_as_readers_go_is_imported_and_deeper_data_refused()
    {
        await ExpectAsync(File([First, Event(1, Nested(65))]), ImportFault.Json, 2);
        (await ImportAsync(File([First, Event(1, Nested(64))]))).Imported.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_does_not_fit_the_store_is_refused_as_a_whole_before_anything_is_written()
    {
        await bank.AppendAsync($"{_id}-other", new NoteTaken("there"));
        var known = (await bank.FetchAsync($"{_id}-other"))[0].Id;
        var fits = Enumerable.Range(1, 6).Select(version => Event(version)).ToArray();

        await ExpectAsync(File([First, .. fits, Event(2, stream: $"{_id}-new")]), ImportFault.Hole, 8);
        await ExpectAsync(File([First, .. fits, Event(1, stream: $"{_id}-other")]), ImportFault.DifferentEvent, 8);
        await ExpectAsync(File([First, .. fits, Event(1, stream: $"{_id}-new", id: known)]), ImportFault.RepeatedId, 8);
        await bank.TamperAsync($"update {{schema}}.streams set state = 1 where id = '{_id}-other'");
        await ExpectAsync(File([First, .. fits, Event(2, stream: $"{_id}-other")]), ImportFault.ClosedStream, 8);
        await ImportsNothingAsync();
    }

    [Theory]
    [InlineData(9223372036854775807)]
    [InlineData(281474976710656)]
    public async Task A_version_that_no_stream_can_have_is_refused(long version)
    {
        await ExpectAsync(
            File([First, Event(version).Replace("\"headers\"", $"\"truncatedBefore\":{version},\"headers\"", StringComparison.Ordinal)]),
            ImportFault.Line,
            2);
        await ExpectAsync(
            File([First, Event(1).Replace("\"headers\"", $"\"truncatedBefore\":{version},\"headers\"", StringComparison.Ordinal)]),
            ImportFault.Line,
            2);
        Should.Throw<ArgumentOutOfRangeException>(
            () => new ImportedEvent(_id, version, new NoteTaken("")) { Timestamp = default }).ParamName
            .ShouldBe("version");
    }

    [Fact]
    public async Task A_stream_that_has_come_to_the_highest_version_goes_on()
    {
        const long highest = 281474976710655;
        await ImportAsync(
            File([First, Event(highest).Replace("\"headers\"", $"\"truncatedBefore\":{highest},\"headers\"", StringComparison.Ordinal)]));
        (await bank.AppendAsync(_id, new NoteTaken("next"))).Streams[_id].Version.ShouldBe(highest + 1);
        (await bank.FetchAsync(_id)).Select(static e => e.Version).ShouldBe([highest, highest + 1]);
    }

    [Theory]
    [InlineData("{\"subject\":\"x\"}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\"}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\",\"forgotten\":false}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\",\"key\":\"AAAA\"}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\",\"key\":5}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\",\"forgotten\":true,\"more\":1}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"default\",\"forgotten\":true,\"forgotten\":true}")]
    [InlineData("{\"subject\":\"\",\"tenant\":\"default\",\"forgotten\":true}")]
    [InlineData("{\"subject\":\"x\",\"tenant\":\"\",\"forgotten\":true}")]
    public async Task A_line_of_a_subject_that_says_something_else_is_refused(string line)
    {
        (await ExpectAsync(File([First, line, Event(1)], count: 1), ImportFault.Line, 2)).Message.ShouldNotContain("AAAA");
        await ImportsNothingAsync();
    }

    [Fact]
    public async Task A_line_of_a_subject_that_is_not_JSON_is_refused()
    {
        await ExpectAsync(File([First, "{\"subject\":\"x\",}", Event(1)], count: 1), ImportFault.Json, 2);
        await ExpectAsync(
            File([First, "{\"subject\":\"x\",\"tenant\":\"default\",\"forgotten\":true} 1", Event(1)], count: 1), ImportFault.Json, 2);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private static byte[] File(string[] lines, int? count = null, string? hash = null)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        hash ??= Convert.ToHexStringLower(SHA256.HashData(bytes));
        return [.. bytes, .. Encoding.UTF8.GetBytes($"{{\"events\":{count ?? lines.Length - 1},\"sha256\":\"{hash}\"}}\n")];
    }

    private Guid IdOf(long version) => new([.. SHA256.HashData(Encoding.UTF8.GetBytes($"{_id} {version}"))[..16]]);

    private string Event(long version, string data = "{\"text\":\"a\",\"weight\":1}", Guid? id = null, string? stream = null) =>
        $"{{\"tenant\":\"default\",\"stream\":\"{stream ?? _id}\",\"version\":{version},\"id\":\"{id
            ?? (stream is null ? IdOf(version) : Guid.NewGuid())}\",\"type\":\"note-taken\","
        + $"\"typeVersion\":1,\"timestamp\":\"2026-01-01T00:00:00.000001Z\",\"headers\":{{}},\"data\":{data}}}";

    private Task<ImportReport> ImportAsync(byte[] file) =>
        bank.Store.Transfer.ImportAsync(new MemoryStream(file), new ImportOptions { ChunkSize = 1 }, cancellationToken: Token);

    private Task<ImportException> RefuseAsync(byte[] file) => Should.ThrowAsync<ImportException>(() => ImportAsync(file));

    private async Task<ImportException> ExpectAsync(byte[] file, ImportFault fault, long line)
    {
        var refusal = await RefuseAsync(file);
        (refusal.Fault, refusal.Line, refusal.Imported).ShouldBe((fault, line, 0), refusal.Message);
        return refusal;
    }

    private async Task ImportsNothingAsync() => (await bank.FetchAsync(_id)).ShouldBeEmpty();
}
