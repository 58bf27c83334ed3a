using FluentEventStore.Installations;
using FluentEventStore.Processes;

namespace FluentEventStore.Fetching;

/// <summary>The programs that an earlier start fetched.</summary>
internal sealed class CachedInstallations(BinaryCache cache, string platform) : IInstallationSearch
{
    public static CachedInstallations OfThisSystem() =>
        new(new BinaryCache(CacheFolder.OfThisSystem()), KnownPackages.PlatformOfThisSystem());

    public async Task<IReadOnlyList<PostgresInstallation>> FindAsync(ICollection<string> tried, CancellationToken cancellationToken)
    {
        var folders = cache.Programs(platform).ToList();
        if (folders.Count == 0)
        {
            tried.Add($"Cache {cache.Location}: no PostgreSQL programs");
            return [];
        }

        if (await cache.FindFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            tried.Add($"Cache {cache.Location}: {fault}");
            return [];
        }

        return await ReadAsync(folders, tried, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The folders whose programs run; the others are added to <paramref name="tried"/>.</summary>
    public static async Task<IReadOnlyList<PostgresInstallation>> ReadAsync(
        IEnumerable<string> folders, ICollection<string> tried, CancellationToken cancellationToken)
    {
        List<PostgresInstallation> found = [];
        var user = await ServerUser.ChooseAsync(cancellationToken).ConfigureAwait(false);
        foreach (var folder in folders)
        {
            if (PostgresInstallation.IsIn(folder)
                && await PostgresInstallation.ReadAsync(folder, user, cancellationToken).ConfigureAwait(false) is { } installation)
                found.Add(installation);
            else
                tried.Add($"Cache: the programs in {folder} do not run{user.Suffix}{Reach(user)}; delete the folder to fetch them again");
        }

        return found;
    }

    private static string Reach(ServerUser user) => user.Name is null ? "" : ", who must be able to reach them";
}
