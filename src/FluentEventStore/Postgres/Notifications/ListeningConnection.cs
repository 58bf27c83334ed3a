using System.Data;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>A connection that hears what is told on a channel.</summary>
/// <param name="connection">Used by nobody else.</param>
/// <param name="source">Where it comes from.</param>
/// <param name="connections">Say where such connections come from now.</param>
/// <param name="channel">The channel.</param>
/// <param name="secondsOfCommand">How long the server may take to answer.</param>
internal sealed class ListeningConnection(
    NpgsqlConnection connection, NpgsqlDataSource source, ConnectionSource connections, SqlIdentifier channel, int secondsOfCommand)
    : IAsyncDisposable
{
    private readonly string _check = $"""
        select
          pg_catalog.pg_is_in_recovery(),
          exists (select from pg_catalog.pg_listening_channels() c where c = '{channel.Name}')
        """;

    /// <summary>Begins to listen.</summary>
    /// <param name="heard">Called with each payload, while this is waited on.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <returns>Whether it listens.</returns>
    public async Task<ListeningState> BeginAsync(Action<string> heard, CancellationToken cancellationToken)
    {
        connection.Notification += (_, told) =>
        {
            if (told.Channel == channel.Name)
                heard(told.Payload);
        };

        try
        {
            await ExecuteAsync($"listen {channel}", cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException refusal) when (!SqlStates.IsLossOfConnection(refusal))
        {
            return ListeningState.Refused;
        }

        return await CheckAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until something is told, to anybody, and has called those who hear it.</summary>
    /// <returns><see langword="false"/> after as much silence.</returns>
    public Task<bool> WaitAsync(TimeSpan silence, CancellationToken cancellationToken) => connection.WaitAsync(silence, cancellationToken);

    /// <summary>Asks the server for an answer, and whether it would still tell anything.</summary>
    public async Task<ListeningState> CheckAsync(CancellationToken cancellationToken)
    {
        using var check = new NpgsqlCommand(_check, connection) { CommandTimeout = secondsOfCommand };
        var row = await check.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            await row.ReadAsync(cancellationToken).ConfigureAwait(false);
            var (isStandby, isListening) = (row.GetBoolean(0), row.GetBoolean(1));

            // What a pooler forgets between two transactions, or keeps for somebody else.
            if (!isListening)
                return ListeningState.Refused;

            if (isStandby)
                return ListeningState.Elsewhere;
        }

        return await connections.FindListening(cancellationToken).ConfigureAwait(false) == source
            ? ListeningState.Listens
            : ListeningState.Elsewhere;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A pooled one has a next user, and the pool may reset nothing.
            if (connection.State == ConnectionState.Open)
                await ExecuteAsync($"unlisten {channel}", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or IOException)
        {
            // A connection that fails goes back to no pool.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = secondsOfCommand };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
