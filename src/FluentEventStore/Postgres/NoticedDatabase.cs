using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Tells of each batch that reads.</summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="explainMissingObject">As in <see cref="Database"/>.</param>
/// <param name="notice">Called before each. What it throws is thrown in place of the reading.</param>
internal sealed class NoticedDatabase(ConnectionSource connections, Func<CancellationToken, Task> explainMissingObject, Action notice)
    : Database(connections, explainMissingObject)
{
    public override Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        notice();
        return base.ReadAsync(batch, cancellationToken);
    }
}
