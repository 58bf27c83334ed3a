using FluentEventStore.Installations;
using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>A server of an installed PostgreSQL.</summary>
internal sealed class InstalledSource(InstallationSearch search, Func<int> choosePort) : IServerSource
{
    public async Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
    {
        var installations = await search.FindAsync(tried, cancellationToken).ConfigureAwait(false);
        if (installations.Count == 0)
            return null;

        var user = await ServerUser.ChooseAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var folder in ServerFolder.TakeAbandonedAsync(cancellationToken).ConfigureAwait(false))
            await new InstalledServer(folder, installations[0], user).DisposeAsync().ConfigureAwait(false);

        return await StartAsync(options, installations, user, cancellationToken).ConfigureAwait(false);
    }

    private async Task<InstalledServer> StartAsync(
        LocalPostgresOptions options, IReadOnlyList<PostgresInstallation> installations, ServerUser user, CancellationToken cancellationToken)
    {
        var folder = options.DataDirectory is null ? ServerFolder.CreateTemporary() : await ServerFolder.OpenAsync(options.DataDirectory, cancellationToken).ConfigureAwait(false);
        PostgresInstallation installation;
        try
        {
            installation = Choose(installations, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
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
    private static PostgresInstallation Choose(IReadOnlyList<PostgresInstallation> installations, ServerFolder folder)
    {
        if (folder.Data.Version is not { } major)
            return installations[0];

        return installations.FirstOrDefault(installation => $"{installation.Major}" == major)
            ?? throw new LocalPostgresException(
                $"The data directory '{folder.Location}' was written by PostgreSQL {major}; installed: "
                + string.Join(", ", installations.Select(installation => $"{installation.Major} in {installation.Folder}")) + ".");
    }
}
