using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Where connections come from: a data source, or one that is found when a connection is needed and may be another the next time.</summary>
internal sealed class ConnectionSource
{
    private readonly NpgsqlDataSource? _only;
    private readonly Func<CancellationToken, ValueTask<NpgsqlDataSource>>? _find;
    private readonly Lock _lock = new();
    private NpgsqlDataSource? _last;
    private int _generation;

    public ConnectionSource(NpgsqlDataSource only) => _only = only;

    public ConnectionSource(Func<CancellationToken, ValueTask<NpgsqlDataSource>> find) => _find = find;

    /// <summary>How often the connections began to lead to another data source.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public static implicit operator ConnectionSource(NpgsqlDataSource dataSource) => new(dataSource);

    /// <summary>Opens a connection that takes no part in an ambient transaction of the caller, whatever the data source says about that.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => OwnFlow.LeaveTransactionAsync(
        this,
        static (source, token) => source._only is { } only ? only.OpenConnectionAsync(token) : source.FindAndOpenAsync(token),
        cancellationToken);

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
                Volatile.Write(ref _generation, _generation + 1);
            }
        }

        return found;
    }
}
