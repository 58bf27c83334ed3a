using System.Text;
using GitHistory.Git;
using GitHistory.History;
using GitHistory.Report;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

public sealed class GitOutputTests
{
    private const string Whole =
        "\u00011111\u00000 +0000\0Ada\0ada@example.com\0first\0\n:000000 100644 0000 aaaa A\0one\0:100644 100644 aaaa bbbb R090\0old\0new\0"
            +
        "3\t0\tone\0" + "-\t-\t\0old\0new\0" +
        "\u00012222\u0000100 -0330\0Bob\0\0second\0";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_log_is_read_whatever_pieces_it_comes_in(int piece)
    {
        var commits = await ReadAsync(Whole, piece);

        commits.Select(static commit => (commit.Id, commit.AuthorName, commit.Subject, commit.Files.Count))
            .ShouldBe([("1111", "Ada", "first", 2), ("2222", "Bob", "second", 0)]);
        var renamed = commits[0].Files[1];
        (renamed.Kind, renamed.OldPath?.Text, renamed.Path.Text, renamed.LinesAdded).ShouldBe((GitChangeKind.Renamed, "old", "new", 0));
        commits[0].Files[0].LinesAdded.ShouldBe(3);
        commits[1].AuthoredAt.ShouldBe(new DateTimeOffset(1969, 12, 31, 20, 31, 40, new TimeSpan(-3, -30, 0)));
    }

    [Fact]
    public async Task A_field_may_be_longer_than_any_buffer()
    {
        var subject = new string('s', 1_000_000);

        (await ReadAsync($"\u00011111\u00000 +0000\0\0\0{subject}\0", 4096)).ShouldHaveSingleItem().Subject.ShouldBe(subject);
    }

    [Fact]
    public async Task A_log_that_is_cut_off_anywhere_is_never_taken_for_a_whole_one_when_git_failed()
    {
        for (var length = 0; length < Whole.Length; length++)
        {
            var cut = Whole[..length];
            var commits = new List<GitCommit>();
            var failure = await Should.ThrowAsync<GitException>(async () =>
            {
                using var reader = new NulFieldReader(Bytes(cut), static _ => throw new GitException("git was killed"));
                await foreach (var commit in GitLog.ReadAsync(reader, TestContext.Current.CancellationToken))
                    commits.Add(commit);
            });

            failure.Message.ShouldBe("git was killed");
            commits.ShouldAllBe(static commit => commit.Id == "1111" && commit.Files.Count == 2 && commit.Files[0].LinesAdded == 3);
        }
    }

    [Theory]
    [InlineData("plain/path.txt", "plain/path.txt")]
    [InlineData("\u00C3\u00A9t\u00C3\u00A9", "été")]
    [InlineData("caf\u00E9\t\\\".txt", "\"caf\\351\t\\\\\\\".txt\"")]
    [InlineData("\"caf\\351.txt\"", "\"\\\"caf\\\\351.txt\\\"\"")]
    [InlineData("a\"b\\c", "a\"b\\c")]
    [InlineData("\u00ED\u00A0\u0080", "\"\\355\\240\\200\"")]
    public void A_path_of_any_bytes_is_a_text_of_its_own(string bytes, string text) =>
        new GitPath(Encoding.Latin1.GetBytes(bytes)).Text.ShouldBe(text);

    [Theory]
    [InlineData("1700000000 +0200", "2023-11-15T00:13:20.0000000+02:00")]
    [InlineData("-1 +0000", "1969-12-31T23:59:59.0000000+00:00")]
    [InlineData("0 +9959", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("0 -1430", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("9223372036854775807 +1400", "9999-12-31T13:59:59.0000000+14:00")]
    [InlineData("nonsense", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("", "1970-01-01T00:00:00.0000000+00:00")]
    public void An_impossible_date_becomes_a_possible_one(string raw, string expected) =>
        GitDate.Parse(Encoding.ASCII.GetBytes(raw)).ToString("O").ShouldBe(expected);

    [Fact]
    public void Ids_are_UUIDs_of_version_5() =>
        NameBasedUuid.Create(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"u8)
            .ShouldBe(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"));

    [Theory]
    [InlineData("tab\tline\nbell\u0007\u001b[31m\u202Egnp", "tab\\tline\\nbell\\u0007\\u001b[31m\\u202egnp")]
    [InlineData("[red]stays[/]", "[red]stays[/]")]
    public void Nothing_in_a_name_moves_the_cursor(string name, string printed) => DisplayText.Printable(name).ShouldBe(printed);

    [Fact]
    public void A_long_name_is_cut_by_its_width_on_the_screen()
    {
        DisplayText.KeepEnd("src/long/path.cs", 8).ShouldBe("…path.cs");
        DisplayText.KeepStart("Ada Lovelace", 6).ShouldBe("Ada L…");
        DisplayText.KeepEnd("目录/文件", 7).ShouldBe("…/文件");
        DisplayText.KeepStart("short", 5).ShouldBe("short");
    }

    private static MemoryStream Bytes(string text) => new(Encoding.Latin1.GetBytes(text));

    private static async Task<List<GitCommit>> ReadAsync(string output, int piece)
    {
        await using var stream = new BufferedPieces(Bytes(output), piece);
        using var reader = new NulFieldReader(stream, static _ => Task.CompletedTask);
        return await GitLog.ReadAsync(reader, TestContext.Current.CancellationToken).ToListAsync();
    }

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class BufferedPieces(MemoryStream source, int piece) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            source.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
