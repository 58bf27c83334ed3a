using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Where connections come from: a fixed data source, or one that is looked up each time a connection is needed.</summary>
internal sealed class ConnectionSource
{
    private readonly NpgsqlDataSource? _only;
    private readonly Func<CancellationToken, ValueTask<NpgsqlDataSource>>? _find;
    private readonly Lock _lock = new();
    private NpgsqlDataSource? _last;
    private KnownAddress? _address;
    private int _generation;
    private volatile bool _isClosed;

    public ConnectionSource(NpgsqlDataSource only) => _only = only;

    public ConnectionSource(Func<CancellationToken, ValueTask<NpgsqlDataSource>> find) => _find = find;

    /// <summary>
    /// How often the connections may have begun to lead to another server: to another data source, or to a server that replaced a lost one.
    /// </summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Finds where a connection comes from that listens as long as somebody waits, without others missing it; <see langword="null"/> if
    /// nobody can listen.
    /// </summary>
    public Func<CancellationToken, ValueTask<NpgsqlDataSource?>> FindListening { get; init; } = static _ => default;

    /// <summary>Where the connections lead; <see langword="null"/> if none was looked up yet.</summary>
    public DatabaseAddress? Address
    {
        get
        {
            if ((_only ?? Volatile.Read(ref _last)) is not { } source)
                return null;

            var known = _address;
            if (known?.Source != source)
                _address = known = new KnownAddress(source);

            return known.Address;
        }
    }

    public static implicit operator ConnectionSource(NpgsqlDataSource dataSource) => new(dataSource);

    /// <summary>The error of a disposed store.</summary>
    public static ObjectDisposedException Disposed() => new("FluentEventStore.EventStore", "The store is disposed.");

    /// <summary>Opens a connection that takes no part in an ambient transaction of the caller, whatever the data source says.</summary>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_isClosed)
            throw Disposed();

        var opening = OwnFlow.LeaveTransactionAsync(
            this,
            static (source, token) => source._only is { } only ? only.OpenConnectionAsync(token) : source.FindAndOpenAsync(token),
            cancellationToken);
        return opening.IsCompletedSuccessfully ? opening : ExplainAsync(opening, cancellationToken);
    }

    /// <summary>Notes that a connection was lost: the next one may lead to another server.</summary>
    public void Lost() => Interlocked.Increment(ref _generation);

    /// <summary>Ends the use: the store is disposed, its data source perhaps not.</summary>
    public void Close() => _isClosed = true;

    private async ValueTask<NpgsqlConnection> ExplainAsync(ValueTask<NpgsqlConnection> opening, CancellationToken cancellationToken)
    {
        try
        {
            return await opening.ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (_isClosed)
        {
            throw Disposed();
        }
        catch (NpgsqlException failure) when (failure.InnerException is System.Net.Sockets.SocketException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            Lost();
            throw;
        }
    }

    /// <summary>The data source that connections come from now.</summary>
    public ValueTask<NpgsqlDataSource> FindDataSourceAsync(CancellationToken cancellationToken) =>
        _only is null ? FindAsync(cancellationToken) : new(_only);

    private async ValueTask<NpgsqlConnection> FindAndOpenAsync(CancellationToken cancellationToken)
    {
        var dataSource = await FindAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                return await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // Another one took its place between the two calls.
                var next = await FindAsync(cancellationToken).ConfigureAwait(false);
                if (next == dataSource)
                    throw;

                dataSource = next;
            }
        }
    }

    private async ValueTask<NpgsqlDataSource> FindAsync(CancellationToken cancellationToken)
    {
        var found = await _find!(cancellationToken).ConfigureAwait(false);
        if (found == Volatile.Read(ref _last))
            return found;

        lock (_lock)
        {
            if (found != _last)
            {
                Volatile.Write(ref _last, found);
                Lost();
            }
        }

        return found;
    }
    private sealed class KnownAddress(NpgsqlDataSource source)
    {
        public NpgsqlDataSource Source { get; } = source;

        public DatabaseAddress Address { get; } = Read(new NpgsqlConnectionStringBuilder(source.ConnectionString));

        // Which one of several hosts is used may change with each connection.
        private static DatabaseAddress Read(NpgsqlConnectionStringBuilder connection) => new(
            connection.Database ?? connection.Username,
            connection.Host is { } host && !host.Contains(',', StringComparison.Ordinal) ? host : null,
            connection.Port);
    }
}
