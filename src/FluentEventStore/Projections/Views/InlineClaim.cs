using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Asks, until it is known, whether a daemon keeps the views that units of work are to keep. They would lack what no daemon gets to any
/// more, or be written where nobody reads.
/// </summary>
internal sealed class InlineClaim(SqlIdentifier schema, IReadOnlyList<DeclaredProjection> declared)
{
    private readonly string[] _names = [.. declared.Select(static one => one.Name)];
    private readonly int[] _versions = [.. declared.Select(static one => one.Version)];
    private readonly string _ask = $"""
        select u.name
        from unnest($1, $2) as u (name, version)
        where exists (
            select
            from {schema}.{ProjectionTables.Projections} p
            where p.name = u.name and p.version = u.version and not p.inline)
          or u.version > (select max(p.version) from {schema}.{ProjectionTables.Projections} p where p.name = u.name)
        limit 1
        """;

    private volatile bool _isKnown;

    /// <returns>Whether a statement was added.</returns>
    public bool AddRead(NpgsqlBatch batch)
    {
        if (_isKnown)
            return false;

        batch.Add(_ask)
            .With(_names, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(_versions, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        return true;
    }

    /// <summary>Takes the result, and moves on to the next one.</summary>
    /// <exception cref="InvalidOperationException">A daemon keeps them.</exception>
    public async Task CheckAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException(
                $"The projection '{rows.GetString(0)}' is kept by a daemon, and cannot be kept inline after that: its views would lack "
                    + "events. Give what is kept inline a name, and a type of views, of its own.");

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        _isKnown = true;
    }
}
