using System.Globalization;
using System.Text;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>
/// A bare repository in a folder of its own, written with git fast-import: it takes what no file system does, such as merges with any tree
/// and paths of any bytes. Dates and identities are fixed, so the same calls make the same commits.
/// </summary>
internal sealed class TestRepository : IDisposable
{
    private const string Ada = "Ada Lovelace <ada@example.com>";

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStream _pending = new();
    private int _commits;

    private TestRepository()
    {
    }

    public string Location => _folder.Child("repository.git");

    public static async Task<TestRepository> CreateAsync()
    {
        var repository = new TestRepository();
        await GitCommand.RunAsync(
            repository._folder.Location, null, "init", "--quiet", "--bare", "--initial-branch=main", repository.Location);
        return repository;
    }

    /// <summary>Adds a commit to a branch, and returns a name for it that further calls understand.</summary>
    public string Commit(string branch, string? from, params Edit[] edits) => Commit(branch, from is null ? [] : [from], edits);

    /// <param name="branch">The branch that names it from now on.</param>
    /// <param name="parents">The names of its parents; the tree starts as that of the first.</param>
    /// <param name="edits">What is different from the first parent.</param>
    /// <param name="author">Name and address as git writes them; each character stands for one byte.</param>
    /// <param name="date">Seconds since 1970 and the offset; by default an hour after the commit before.</param>
    /// <param name="message">Each character stands for one byte.</param>
    /// <param name="encoding">What the commit says of its bytes.</param>
    public string Commit(
        string branch, string[] parents, Edit[] edits, string author = Ada, string? date = null, string? message = null, string? encoding =
            null)
    {
        _commits++;
        date ??= string.Create(CultureInfo.InvariantCulture, $"{1_700_000_000 + (3600 * _commits)} +0200");
        Write($"commit refs/heads/{branch}\nmark :{_commits}\nauthor {author} {date}\ncommitter {author} {date}\n");
        if (encoding is not null)
            Write($"encoding {encoding}\n");

        WriteData(message ?? $"Commit {_commits}");
        for (var index = 0; index < parents.Length; index++)
            Write($"{(index == 0 ? "from" : "merge")} {parents[index]}\n");

        if (parents.Length == 0)
            Write("deleteall\n");

        foreach (var edit in edits)
        {
            Write($"{edit.Command}\n");
            if (edit.Content is not null)
                WriteData(edit.Content);
        }

        Write("\n");
        return $":{_commits}";
    }

    /// <summary>Points a branch to another commit.</summary>
    public void Reset(string branch, string to) => Write($"reset refs/heads/{branch}\nfrom {to}\n\n");

    /// <summary>Makes what was called so far.</summary>
    public async Task SaveAsync()
    {
        await GitCommand.RunAsync(
            Location,
            _pending.ToArray(),
            "fast-import",
            "--quiet",
            "--force",
            "--date-format=raw-permissive",
            "--export-marks=marks",
            "--import-marks-if-exists=marks");
        _pending.SetLength(0);
    }

    public Task<string> AskAsync(params string[] arguments) => GitCommand.AskAsync(Location, arguments);

    public void Dispose()
    {
        _pending.Dispose();
        _folder.Dispose();
    }

    private void Write(string text) => _pending.Write(Encoding.Latin1.GetBytes(text));

    private void WriteData(string text) => Write(string.Create(CultureInfo.InvariantCulture, $"data {text.Length}\n{text}\n"));
}
