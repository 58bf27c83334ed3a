using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Postgres;

/// <summary>
/// A channel of the database on which processes tell each other something, by NOTIFY and LISTEN. What is told may be lost: it saves
/// time, and nothing rests on it.
/// </summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="name">The name of the channel. Channels of other databases are others.</param>
internal sealed class NotificationChannel(ConnectionSource connections, SqlIdentifier name)
{
    /// <summary>
    /// How long the server may take. A commit that notifies waits for all others of the server that do, whosever they are.
    /// </summary>
    private const int SecondsOfCommand = 5;

    private (NpgsqlDataSource Of, bool HasRoom)? _pool;

    /// <summary>Tells those who listen, in a transaction of its own.</summary>
    /// <returns>
    /// <see langword="false"/> if nothing was told, because the pool is so small that others would miss the connection meanwhile.
    /// </returns>
    public async Task<bool> NotifyAsync(string payload, CancellationToken cancellationToken)
    {
        var pool = await connections.FindDataSourceAsync(cancellationToken).ConfigureAwait(false);
        if (!HasRoom(pool))
            return false;

        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var notify = new NpgsqlCommand("select pg_catalog.pg_notify($1, $2)", connection) { CommandTimeout = SecondsOfCommand };
            notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name.Name, NpgsqlDbType = NpgsqlDbType.Text });
            notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload, NpgsqlDbType = NpgsqlDbType.Text });
            await notify.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Begins to listen, on a connection that nobody else uses.</summary>
    /// <param name="heard">Called with each payload, while the connection is waited on.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <returns><see langword="null"/> if there is no connection to spare, or the server does not let anybody listen.</returns>
    public async Task<ListeningConnection?> ListenAsync(Action<string> heard, CancellationToken cancellationToken)
    {
        if (await connections.FindListening(cancellationToken).ConfigureAwait(false) is not { } source)
            return null;

        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var listening = new ListeningConnection(connection, source, connections, name, SecondsOfCommand);
        try
        {
            if (await listening.BeginAsync(heard, cancellationToken).ConfigureAwait(false) != ListeningState.Refused)
                return listening;
        }
        catch
        {
            await listening.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await listening.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private bool HasRoom(NpgsqlDataSource source)
    {
        if (_pool is not { } known || known.Of != source)
            _pool = known = (source, StoreConnections.HasRoom(source));

        return known.HasRoom;
    }
}
