using MysticMind.PostgresEmbed;

namespace FluentEventStore.Fetching;

/// <summary>Fetches by the NuGet package MysticMind.PostgresEmbed, which takes the same programs from Maven's repository.</summary>
/// <param name="repository">Another repository; <see langword="null"/>: the central one.</param>
internal sealed class PostgresEmbedFetch(Uri? repository = null) : IBinaryFetch
{
    public string Name => "MysticMind.PostgresEmbed";

    public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<string> FetchAsync(BinaryPackage package, string folder, CancellationToken cancellationToken)
    {
        var options = new PgServerOptions
        {
            PgVersion = package.Version.ToString(),
            BinariesDir = folder,
            DbDir = folder,
            DownloadRetryCount = 1,
        };
        if (repository is not null)
            options = options with { MavenRepo = repository.ToString().TrimEnd('/') };

        try
        {
            // It only installs. The server is ours: root starts it as another user, and it asks for a password.
            var server = new PgServer(options);
            await using (server.ConfigureAwait(false))
            {
                await server.InstallAsync(cancellationToken).ConfigureAwait(false);
                return server.InstallDir;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Its own message names neither the address nor the cause.
            var cause = e.GetBaseException();
            var message = cause == e ? e.Message : $"{e.Message} {cause.Message}";
            throw new FetchException(message.ReplaceLineEndings(" "), e);
        }
    }
}
