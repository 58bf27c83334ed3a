using System.Globalization;
using System.Runtime.CompilerServices;

namespace GitHistory.Git;

/// <summary>A git repository and the commit that its HEAD named when it was opened; later commits do not disturb.</summary>
internal sealed class GitRepository
{
    private GitRepository(string path, string? head, bool isShallow)
    {
        Path = path;
        Head = head;
        IsShallow = isShallow;
    }

    public string Path { get; }

    /// <summary>The id of the commit; null in a repository without one.</summary>
    public string? Head { get; }

    /// <summary>Whether it was cloned without its older commits.</summary>
    public bool IsShallow { get; }

    /// <exception cref="GitException">There is no git, or no repository, or git does not trust its owner.</exception>
    public static async Task<GitRepository> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            throw new GitException($"{path} is not a folder.");

        try
        {
            var isShallow = await GitProcess.AskAsync(path, ["rev-parse", "--is-shallow-repository"], cancellationToken) == "true";
            var head = await GitProcess.TryAsync(path, ["rev-parse", "--verify", "--quiet", "HEAD"], cancellationToken)
                ? await GitProcess.AskAsync(path, ["rev-parse", "--verify", "HEAD"], cancellationToken)
                : null;
            return new GitRepository(path, head, isShallow);
        }
        catch (GitException e) when (e.Message.Contains("not a git repository", StringComparison.Ordinal))
        {
            throw new GitException($"{path} is not in a git repository.", e);
        }
        catch (GitException e) when (e.Message.Contains("dubious ownership", StringComparison.Ordinal)
            || e.Message.Contains("unsafe repository", StringComparison.Ordinal))
        {
            throw new GitException(
                $"{path} belongs to another user, so git refuses to read it. If you trust it: git config --global --add safe.directory "
                    + $"'{path}'",
                e);
        }
    }

    public Task<bool> HasCommitAsync(string commit, CancellationToken cancellationToken) =>
        GitProcess.TryAsync(Path, ["cat-file", "-e", $"{commit}^{{commit}}"], cancellationToken);

    /// <summary>How many commits a range has: those in the history of a commit, without those in the history of a <c>^commit</c>.</summary>
    public async Task<int> CountCommitsAsync(string[] range, CancellationToken cancellationToken) =>
        int.Parse(
            await GitProcess.AskAsync(Path, ["rev-list", "--count", .. range, "--"], cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Streams the history of a commit, parents before children.</summary>
    /// <param name="commit">The last commit to read.</param>
    /// <param name="except">A commit to leave out with its history; null for none.</param>
    /// <param name="cancellationToken">Ends the reading and git.</param>
    public IAsyncEnumerable<GitCommit> ReadHistoryAsync(string commit, string? except, CancellationToken cancellationToken)
    {
        string[] range = except is null ? [commit] : [commit, $"^{except}"];
        return ReadLogAsync(["--reverse", "--topo-order", .. range, "--"], cancellationToken);
    }

    /// <summary>Reads one commit without its files.</summary>
    public async Task<GitCommit> ReadCommitAsync(string commit, CancellationToken cancellationToken)
    {
        await foreach (var one in ReadLogAsync(["--no-patch", "--max-count=1", commit, "--"], cancellationToken))
            return one;

        throw new GitException($"git shows no commit {commit}.");
    }

    /// <summary>Streams the paths of a commit's files, submodules among them.</summary>
    public async IAsyncEnumerable<GitPath> ReadTreeAsync(string commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var git = GitProcess.Start(Path, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit);
        using var reader = new NulFieldReader(git.Output, git.EnsureSucceededAsync);
        while (await reader.ReadAsync(cancellationToken))
            yield return new GitPath(reader.Field);
    }

    private async IAsyncEnumerable<GitCommit> ReadLogAsync(
        string[] selection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var git = GitProcess.Start(Path, [.. GitEnvironment.PlainOutput, "log", .. GitLog.Arguments, .. selection]);
        using var reader = new NulFieldReader(git.Output, git.EnsureSucceededAsync);
        await foreach (var commit in GitLog.ReadAsync(reader, cancellationToken))
            yield return commit;
    }
}
