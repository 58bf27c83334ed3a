using System.Diagnostics;
using FluentEventStore.Installations;
using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>
/// A small shell process that outlives this one by a moment. It stops the server when this process dies, however it dies.
/// </summary>
internal sealed class Keeper
{
    // The pipe to the script breaks when the owner dies. A kept folder that has a new owner by then is not touched. The loop is for an
    // owner that died while its server was starting: initdb and the server may still create files. What PostgreSQL has written is removed
    // as the server's user: the words after the fourth run a command as that user.
    private const string Script = $$"""
        trap '' HUP INT QUIT TERM
        {{OwnFolders.Test}}
        folder=$1; owner=$2; mode=$3; control=$4; shift 4
        read -r word && [ "$word" = done ] && exit
        own "$folder" && [ "$(cat "$folder/owner")" = "$owner" ] || exit
        [ "$mode" = fast ] && exec "$@" "$control" stop -D "$folder/data" -m fast -t 60
        attempt=0
        while own "$folder" && [ "$attempt" -lt 100 ]; do
            "$@" "$control" stop -D "$folder/data" -m immediate -t 10
            for data in "$folder/data" "$folder/data.unfinished"; do
                [ ! -d "$data" ] || { "$@" rm -rf "$data"; rmdir "$data"; }
            done
            [ ! -d "$folder/data" ] && [ ! -d "$folder/data.unfinished" ] && rm -rf "$folder" || sleep 0.1
            attempt=$((attempt + 1))
        done
        """;

    // Runs in the background and in a session of its own, so that neither Ctrl+C nor the end of a process tree ends it.
    private const string Detach = """
        exec 3<&0 >/dev/null 2>&1
        $(command -v setsid) /bin/sh -c "$0" keeper "$@" <&3 3<&- &
        """;

    private readonly Process _shell;

    private Keeper(Process shell) => _shell = shell;

    /// <returns>Null if there is no POSIX shell; then the next start cleans up.</returns>
    public static Keeper? Start(ServerFolder folder, PostgresInstallation installation, ServerUser user)
    {
        if (!File.Exists("/bin/sh"))
            return null;

        var mode = folder.IsTemporary ? "immediate" : "fast";
        var start = Command.Describe(
            ["/bin/sh", "-c", Detach, Script, folder.Location, folder.Owner, mode, installation.PgCtl, .. user.Run()], "/");
        start.RedirectStandardInput = true;
        return new Keeper(Process.Start(start)!); // never null without the shell of Windows
    }

    /// <summary>Ends it: the server is stopped and the folder is as it should be.</summary>
    public void Dismiss()
    {
        try
        {
            _shell.StandardInput.Write("done\n");
            _shell.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // It was killed.
        }

        _shell.Dispose();
    }
}
