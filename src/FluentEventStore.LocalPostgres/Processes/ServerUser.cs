namespace FluentEventStore.Processes;

/// <summary>The user that PostgreSQL's programs run as: the user of this process, or an unprivileged one if this process is root.</summary>
/// <param name="Name">Null: the user of this process.</param>
internal sealed record ServerUser(string? Name)
{
    private static readonly string? RunUser = Array.Find(["/usr/sbin/runuser", "/sbin/runuser", "/usr/bin/runuser"], File.Exists);

    /// <summary>Ends a sentence about what runs; empty for the user of this process.</summary>
    public string Suffix => Name is null ? "" : $" as the user {Name}";

    public static async Task<ServerUser> ChooseAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerUser(Name: null);

        var postgres = await Command.RunAsync(["id", "-u", "postgres"], "/", capture: true, cancellationToken).ConfigureAwait(false);
        return new ServerUser(postgres.ExitCode == 0 ? "postgres" : "nobody");
    }

    /// <summary>The command line that runs the given one as this user. If none is given: the words to put before it.</summary>
    public IReadOnlyList<string> Run(params IReadOnlyList<string> words) => Name switch
    {
        null => words,
        _ when RunUser is not null => [RunUser, "-u", Name, "--", .. words],
        _ when OperatingSystem.IsMacOS() => ["sudo", "-n", "-u", Name, "--", .. words],
        _ => ["su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", Name, "--", .. words],
    };

    /// <summary>Gives a file or an empty folder to this user. No other user may be able to replace it meanwhile.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (Name is null)
            return;

        var chown = await Command.RunAsync(["chown", "-h", Name, path], "/", capture: true, cancellationToken).ConfigureAwait(false);
        if (chown.ExitCode != 0)
            throw new LocalPostgresException($"'{path}' cannot be given to the user '{Name}'.", output: chown.Output);
    }
}
