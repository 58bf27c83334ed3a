using System.Globalization;
using System.Text;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>What git itself says of HEAD's history.</summary>
/// <param name="Commits"><c>rev-list --count HEAD</c>.</param>
/// <param name="Entries">The entries of <c>log --raw -M</c>.</param>
/// <param name="LinesAdded">The sum of <c>log --numstat -M</c>.</param>
/// <param name="LinesRemoved">The sum of <c>log --numstat -M</c>.</param>
/// <param name="Files">The paths of <c>ls-tree -r HEAD</c>; each character stands for one byte.</param>
/// <param name="CommitsByEmail">Of <c>log --format=%aE</c>; each character stands for one byte.</param>
internal sealed record GitFacts(
    int Commits,
    int Entries,
    long LinesAdded,
    long LinesRemoved,
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, int> CommitsByEmail)
{
    public static async Task<GitFacts> OfAsync(string repository)
    {
        var (added, removed) = (0L, 0L);
        foreach (var line in await LinesAsync(repository, "log", "--numstat", "-M", "--format="))
        {
            var columns = line.Split('\t', 3);
            added += columns[0] == "-" ? 0 : long.Parse(columns[0], CultureInfo.InvariantCulture);
            removed += columns[1] == "-" ? 0 : long.Parse(columns[1], CultureInfo.InvariantCulture);
        }

        return new GitFacts(
            int.Parse(await GitCommand.AskAsync(repository, "rev-list", "--count", "HEAD"), CultureInfo.InvariantCulture),
            (await LinesAsync(repository, "log", "--raw", "-M", "--format=")).Length,
            added,
            removed,
            Split(await GitCommand.RunAsync(repository, null, "ls-tree", "-r", "-z", "--name-only", "HEAD"), '\0'),
            (await GitCommand.RunAsync(repository, null, "log", "-z", "--format=%aE")) is { Length: > 0 } emails
                ? Encoding.Latin1.GetString(emails)[..^1].Split('\0').CountBy(static email => email).ToDictionary()
                : []);
    }

    private static async Task<string[]> LinesAsync(string repository, params string[] arguments) =>
        Split(await GitCommand.RunAsync(repository, null, arguments), '\n');

    private static string[] Split(byte[] output, char separator) =>
        Encoding.Latin1.GetString(output).Split(separator, StringSplitOptions.RemoveEmptyEntries);
}
