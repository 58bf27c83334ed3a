using FluentEventStore.Installations;
using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>A server of PostgreSQL's programs on this machine.</summary>
internal sealed class InstalledSource(IInstallationSearch search, Func<int> choosePort) : IServerSource
{
    public async Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
    {
        if (search.Major is { } offered
            && options.DataDirectory is { } kept
            && ServerFolder.VersionIn(kept) is { } written
            && written != offered)
        {
            tried.Add($"The data directory '{kept}' was written by PostgreSQL {written}; what would be fetched is {offered}");
            return null;
        }

        var installations = await search.FindAsync(tried, cancellationToken).ConfigureAwait(false);
        if (installations.Count == 0)
            return null;

        var user = await ServerUser.ChooseAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var folder in ServerFolder.TakeAbandonedAsync(cancellationToken).ConfigureAwait(false))
            await new InstalledServer(folder, installations[0], user).DisposeAsync().ConfigureAwait(false);

        return await StartAsync(options, installations, user, tried, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IServer?> StartAsync(
        LocalPostgresOptions options,
        IReadOnlyList<PostgresInstallation> installations,
        ServerUser user,
        ICollection<string> tried,
        CancellationToken cancellationToken)
    {
        var folder = options.DataDirectory is null
            ? ServerFolder.CreateTemporary()
            : await ServerFolder.OpenAsync(options.DataDirectory, cancellationToken).ConfigureAwait(false);
        if (Choose(installations, folder.Data.Version) is not { } installation)
        {
            tried.Add(
                $"The data directory '{folder.Location}' was written by PostgreSQL {folder.Data.Version}; installed: "
                + string.Join(", ", installations.Select(static installation => $"{installation.Major} in {installation.Folder}")));
            folder.Dispose();
            return null;
        }

        var server = new InstalledServer(folder, installation, user);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.StartTimeout);
        try
        {
            await server.StartAsync(options, choosePort, timeout.Token).ConfigureAwait(false);
            return server;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var log = server.EndOfLog();
            await server.DisposeAsync().ConfigureAwait(false);
            throw new LocalPostgresException($"PostgreSQL did not start within {options.StartTimeout}.", serverLog: log, innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new LocalPostgresException($"PostgreSQL could not be started in '{folder.Location}': {e.Message}", innerException: e);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The files of one major version are unreadable for any other.
    private static PostgresInstallation? Choose(IReadOnlyList<PostgresInstallation> installations, string? major) =>
        major is null ? installations[0] : installations.FirstOrDefault(installation => $"{installation.Major}" == major);
}
