using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace GitHistory.Git;

/// <summary>
/// The form in which git prints its log for this program. A commit is a header of five fields, whose first starts with the byte 1, then one
/// entry for each file (<c>:old-mode new-mode old-blob new-blob letter</c>, then its one or two paths), then the lines of each file
/// (<c>added TAB removed TAB path</c>, or after an empty path the two of a rename). As the number of fields is known at each place, no
/// content can be taken for a header.
/// </summary>
internal static class GitLog
{
    private const byte HeaderMark = 1;

    public static IReadOnlyList<string> Arguments { get; } =
    [
        "-z", "--format=%x01%H%x00%ad%x00%aN%x00%aE%x00%s", "--date=raw", "--raw", "--numstat", "-M", "--no-abbrev",
        "--no-color", "--no-notes", "--no-show-signature", "--no-ext-diff", "--encoding=UTF-8",
    ];

    /// <summary>Reads commits one at a time; the last one only after the output has ended well.</summary>
    /// <exception cref="GitException">The output is not of the form, or git failed.</exception>
    public static async IAsyncEnumerable<GitCommit> ReadAsync(
        NulFieldReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var more = await reader.ReadAsync(cancellationToken);
        while (more)
        {
            var header = await ReadHeaderAsync(reader, cancellationToken);
            var files = new List<GitFileChange>();
            var counted = 0;
            while ((more = await reader.ReadAsync(cancellationToken)) && !IsHeader(reader.Field))
            {
                if (IsEntry(reader.Field))
                    files.Add(await ReadEntryAsync(reader, cancellationToken));
                else
                    counted = await ReadLinesAsync(reader, files, counted, cancellationToken);
            }

            yield return header with { Files = files };
        }
    }

    private static bool IsHeader(ReadOnlySpan<byte> field) => field is [HeaderMark, ..];

    // Git ends the header with a line break before the first entry.
    private static bool IsEntry(ReadOnlySpan<byte> field) => field is [(byte)':', ..] or [(byte)'\n', (byte)':', ..];

    private static async ValueTask<GitCommit> ReadHeaderAsync(NulFieldReader reader, CancellationToken cancellationToken)
    {
        if (!IsHeader(reader.Field))
            throw Unexpected(reader.Field);

        var id = Encoding.ASCII.GetString(reader.Field[1..]);
        await reader.ReadRequiredAsync(cancellationToken);
        var authoredAt = GitDate.Parse(reader.Field);
        await reader.ReadRequiredAsync(cancellationToken);
        var name = GitText.Decode(reader.Field);
        await reader.ReadRequiredAsync(cancellationToken);
        var email = reader.Field.ToArray();
        await reader.ReadRequiredAsync(cancellationToken);
        return new GitCommit(id, name, email, authoredAt, GitText.Decode(reader.Field), []);
    }

    private static async ValueTask<GitFileChange> ReadEntryAsync(NulFieldReader reader, CancellationToken cancellationToken)
    {
        var kind = KindOf(reader.Field);
        await reader.ReadRequiredAsync(cancellationToken);
        var path = new GitPath(reader.Field);
        if (kind != GitChangeKind.Renamed)
            return new GitFileChange(kind, path);

        await reader.ReadRequiredAsync(cancellationToken);
        return new GitFileChange(kind, new GitPath(reader.Field), OldPath: path);
    }

    private static GitChangeKind KindOf(ReadOnlySpan<byte> entry) => (char)entry[entry.LastIndexOf((byte)' ') + 1] switch
    {
        'A' => GitChangeKind.Added,
        'M' or 'T' => GitChangeKind.Modified,
        'R' => GitChangeKind.Renamed,
        'D' => GitChangeKind.Deleted,
        _ => throw Unexpected(entry),
    };

    /// <summary>Gives its lines to the next file with the path: git counts in the order of the entries, but may leave out a file.</summary>
    /// <returns>The index of the file after it.</returns>
    private static async ValueTask<int> ReadLinesAsync(
        NulFieldReader reader, List<GitFileChange> files, int start, CancellationToken cancellationToken)
    {
        var (added, removed, pathStart) = ParseLines(reader.Field);
        if (pathStart == reader.Field.Length)
        {
            await reader.ReadRequiredAsync(cancellationToken);
            await reader.ReadRequiredAsync(cancellationToken);
            pathStart = 0;
        }

        for (var index = start; index < files.Count; index++)
        {
            if (!reader.Field[pathStart..].SequenceEqual(files[index].Path.Bytes))
                continue;

            files[index] = files[index] with { LinesAdded = added, LinesRemoved = removed };
            return index + 1;
        }

        throw Unexpected(reader.Field);
    }

    private static (int Added, int Removed, int PathStart) ParseLines(ReadOnlySpan<byte> field)
    {
        var firstTab = field.IndexOf((byte)'\t');
        var secondTab = firstTab < 0 ? -1 : field[(firstTab + 1)..].IndexOf((byte)'\t') + firstTab + 1;
        if (secondTab <= firstTab)
            throw Unexpected(field);

        return (ParseCount(field[..firstTab]), ParseCount(field[(firstTab + 1)..secondTab]), secondTab + 1);
    }

    private static int ParseCount(ReadOnlySpan<byte> digits)
    {
        if (digits is [(byte)'-'])
            return 0; // A binary file has no lines.

        return Utf8Parser.TryParse(digits, out int count, out var length) && length == digits.Length ? count : throw Unexpected(digits);
    }

    private static GitException Unexpected(ReadOnlySpan<byte> field) =>
        new($"The output of git is not understood at: {GitText.Decode(field[..Math.Min(field.Length, 80)])}");
}
