using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>The folder of PostgreSQL's own files.</summary>
/// <remarks>
/// If this process is root, the folder belongs to the server's user, and so to everybody who may run SQL as its superuser. They may have
/// put links there, so root only reads two small files in it, and changes and removes nothing.
/// </remarks>
internal sealed record ServerData(string Location)
{
    public bool Exists => Directory.Exists(Location);

    /// <summary>The server that runs on this data; null if none does.</summary>
    public ProcessIdentity? Server
    {
        get
        {
            var lines = Read("postmaster.pid").Split('\n');
            return lines.Length > 2 && ProcessIdentity.Parse($"{lines[0]} {lines[2]}000") is { } server && server.IsAlive() ? server : null;
        }
    }

    /// <summary>The major version of PostgreSQL that wrote the data; null if there is none.</summary>
    public string? Version => Read("PG_VERSION").Trim() is { Length: > 0 } version ? version : null;

    /// <summary>Removes it as the user whom it belongs to, so that root follows no link in it.</summary>
    public async Task DeleteAsync(ServerUser user)
    {
        if (!Exists)
            return;

        if (user.Name is null)
        {
            Directory.Delete(Location, recursive: true);
            return;
        }

        // The user may empty it, but not remove it from the folder around it.
        await Command.RunAsync(user.Run("rm", "-rf", "--", Location), "/", capture: true, CancellationToken.None).ConfigureAwait(false);
        if (Exists)
            Directory.Delete(Location);
    }

    private string Read(string name)
    {
        try
        {
            // Neither a link nor a device is read.
            var file = new FileInfo(Path.Combine(Location, name));
            return file is { Exists: true, LinkTarget: null, Length: > 0 and < 10_000 } ? File.ReadAllText(file.FullName) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
