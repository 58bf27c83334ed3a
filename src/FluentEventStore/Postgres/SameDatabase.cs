using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>
/// Tells whether a connection of the application leads to the database of the store. Asks the servers only if the two addresses are written
/// differently.
/// </summary>
internal sealed class SameDatabase(ConnectionSource connections)
{
    private const string Identity =
        "select (select s.system_identifier from pg_catalog.pg_control_system() s), (select d.oid::bigint from pg_catalog.pg_database d "
            + "where d.datname = current_database())";

    private readonly ConcurrentDictionary<(string DataSource, string Given), bool> _known = new();

    /// <exception cref="InvalidOperationException">The connection leads to another database.</exception>
    public async ValueTask CheckAsync(NpgsqlConnection given, CancellationToken cancellationToken)
    {
        var dataSource = await connections.FindDataSourceAsync(cancellationToken).ConfigureAwait(false);
        var place = string.Create(CultureInfo.InvariantCulture, $"{given.Host}:{given.Port}/{given.Database}");
        if (!_known.TryGetValue((dataSource.ConnectionString, place), out var isSame))
        {
            isSame = IsNamedBy(dataSource, given) || await AreOneAsync(given, cancellationToken).ConfigureAwait(false);
            _known[(dataSource.ConnectionString, place)] = isSame;
        }

        if (!isSame)
            throw new InvalidOperationException($"The transaction of the session belongs to another database than the store: to {place}.");
    }

    private static bool IsNamedBy(NpgsqlDataSource dataSource, NpgsqlConnection given)
    {
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        return (settings.Database ?? settings.Username) == given.Database && settings.Host == given.Host && settings.Port == given.Port;
    }

    private async Task<bool> AreOneAsync(NpgsqlConnection given, CancellationToken cancellationToken)
    {
        var own = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (own.ConfigureAwait(false))
            return await ReadAsync(own, cancellationToken).ConfigureAwait(false) == await ReadAsync(given, cancellationToken)
                .ConfigureAwait(false);
    }

    private static async Task<(long System, long Database)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var batch = connection.CreateBatch();
        batch.Add(Identity);
        var row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            await row.ReadAsync(cancellationToken).ConfigureAwait(false);
            return (row.GetInt64(0), row.GetInt64(1));
        }
    }
}
