using System.Data.Common;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Where a store gets its connections from.</summary>
internal sealed class StoreConnections : IAsyncDisposable
{
    /// <summary>
    /// After how many seconds of silence the other end is asked whether it lives. With all attempts it takes less than 30 seconds until it
    /// counts as dead.
    /// </summary>
    private const int KeepAliveIdle = 10;
    private const int KeepAliveInterval = 5;

    /// <summary>
    /// Makes the server notice a client that is gone without a word: its transaction would hold readers of the log back. Such a client does
    /// not answer, does not take what it is sent, or lives but does not go on.
    /// </summary>
    private const string ServerOptions =
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000 -c "
            + "idle_in_transaction_session_timeout=30000";

    /// <summary>From how many connections on one of a pool is not missed.</summary>
    private const int LargePool = 10;

    private readonly NpgsqlDataSource? _own;
    private readonly NpgsqlDataSource? _ownListening;

    /// <exception cref="ArgumentException">No connection is given, or the options contradict each other.</exception>
    public StoreConnections(ConnectionSettings settings)
    {
        var described = settings.DataSource is null ? Describe(settings) : null;
        var dataSource = settings.DataSource ?? (_own = Open(described!, settings.Schema));
        var connection = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        if (connection.Multiplexing)
            throw new ArgumentException(
                "A store does not share a connection while it uses it: leave Multiplexing out of the connection string. Units that are "
                    + "saved at the same time are sent together without it.");

        if (settings.IsBehindPgBouncer && connection.MaxAutoPrepare > 0)
            throw new ArgumentException("Behind PgBouncer nothing can be prepared: leave Max Auto Prepare out of the connection string.");

        // A connection to PgBouncer is not one to a session of the server.
        if (!settings.IsBehindPgBouncer)
            Listening = described is null ? ListeningOf(dataSource) : OfPrimary(_ownListening = OpenToListen(described, settings.Schema));

        PreparesNothing = settings is { DataSource: not null, IsBehindPgBouncer: false } && connection.MaxAutoPrepare == 0;
        if (dataSource is NpgsqlMultiHostDataSource hosts)
        {
            Primary = OfPrimary(hosts);
            Queries = settings.QueriesOnStandby ? hosts.WithTargetSession(TargetSessionAttributes.PreferStandby) : Primary;
            return;
        }

        if (settings.QueriesOnStandby)
            throw new ArgumentException("Queries can go to a standby only if the connection string names several hosts.");

        Primary = Queries = dataSource;
    }

    /// <summary>Of a server that writes.</summary>
    public NpgsqlDataSource Primary { get; }

    /// <summary>Of a server that may be behind; the same as <see cref="Primary"/> if none is asked for.</summary>
    public NpgsqlDataSource Queries { get; }

    /// <summary>Of a server that writes, for a connection that listens; <see langword="null"/> if there is none to spare.</summary>
    public NpgsqlDataSource? Listening { get; }

    /// <summary>Whether a data source of the application prepares no statements, and nothing says why.</summary>
    public bool PreparesNothing { get; }

    /// <summary>What is wrong with a connection string, as the rest of a sentence; <see langword="null"/> for nothing.</summary>
    /// <remarks>It quotes nothing of the text, any part of which may be one of the password.</remarks>
    public static string? FaultOf(string connectionString)
    {
        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(connectionString).Host) ? "names no host." : null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return "is none of Npgsql: a keyword is not known or has a wrong value. A value that holds a semicolon, as a password may, "
                + "stands in quotes.";
        }
    }

    /// <summary>Whether a pool is so large that one of its connections is not missed.</summary>
    public static bool HasRoom(NpgsqlDataSource dataSource) =>
        new NpgsqlConnectionStringBuilder(dataSource.ConnectionString) is { Pooling: true, MaxPoolSize: >= LargePool };

    /// <summary>Closes what the store opened itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownListening is not null)
            await _ownListening.DisposeAsync().ConfigureAwait(false);

        if (_own is not null)
            await _own.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Names the pool as the OpenTelemetry conventions say, so that spans and measurements of the driver do not show the connection string
    /// instead. The pools of several hosts would share a name, and add up what each of them measures: they keep the driver's.
    /// </summary>
    private static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder connection, string schema) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString)
        {
            Name = connection.Host?.Contains(',', StringComparison.Ordinal) == true
                ? null
                : $"{connection.Host}:{connection.Port}/{connection.Database}|{schema}",
        }.Build();

    private static NpgsqlDataSource? ListeningOf(NpgsqlDataSource application) => HasRoom(application) ? OfPrimary(application) : null;

    private static NpgsqlDataSource OfPrimary(NpgsqlDataSource dataSource) =>
        dataSource is NpgsqlMultiHostDataSource hosts ? hosts.WithTargetSession(TargetSessionAttributes.Primary) : dataSource;

    /// <summary>
    /// Opens no pool: its connection comes on top of those of the pool, which may be just one. Its name tells it from the others in
    /// <c>pg_stat_activity</c>.
    /// </summary>
    private static NpgsqlDataSource OpenToListen(NpgsqlConnectionStringBuilder connection, string schema) => Open(
        new(connection.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            ApplicationName = $"{connection.ApplicationName ?? "FluentEventStore"} listener",
        },
        $"{schema}|listener");

    private static NpgsqlConnectionStringBuilder Read(string connectionString, string option) => FaultOf(connectionString) is { } fault
        ? throw new ArgumentException($"The connection string {fault}", option)
        : new NpgsqlConnectionStringBuilder(connectionString);

    private static NpgsqlConnectionStringBuilder Describe(ConnectionSettings settings)
    {
        if (settings.ConnectionString is not { } connectionString)
        {
            throw new ArgumentException(
                "A store needs a connection: call options.Connection(text), options.DataSource(dataSource) or "
                    + "options.TenantDatabases(databases).");
        }

        var connection = Read(connectionString, "Connection");
        if (!settings.IsBehindPgBouncer && !Sets(connectionString, "MaxAutoPrepare"))
        {
            connection.MaxAutoPrepare = 100;
            connection.AutoPrepareMinUsages = 2;
        }

        // The store's writes are committed or refused on their own, whatever transaction the caller is in.
        connection.Enlist = false;

        if (!Sets(connectionString, "TcpKeepAlive") && !Sets(connectionString, "TcpKeepAliveTime"))
            (connection.TcpKeepAlive, connection.TcpKeepAliveTime, connection.TcpKeepAliveInterval) = (
                true, KeepAliveIdle, KeepAliveInterval);

        // With several hosts, this is how long the driver refuses a host that it has seen fail, without a try.
        if (!Sets(connectionString, "HostRecheckSeconds"))
            connection.HostRecheckSeconds = 1;

        // PgBouncer refuses connections with options. What the application sets comes last and wins.
        if (!settings.IsBehindPgBouncer)
            connection.Options = $"{ServerOptions} {connection.Options}".TrimEnd();

        // The store leaves nothing behind in a session, so the next user of the connection needs no reset.
        connection.NoResetOnClose = true;
        return connection;
    }

    // Whoever writes Max Auto Prepare=0 means it.
    private static bool Sets(string connectionString, string setting) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }
        .Keys
        .Cast<string>()
        .Any(key => key.Replace(" ", "", StringComparison.Ordinal).Equals(setting, StringComparison.OrdinalIgnoreCase));
}
