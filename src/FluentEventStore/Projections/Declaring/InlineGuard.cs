using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Finds out, once, whether a daemon has kept what is declared to be kept by units of work, under the same version: what it had not derived
/// yet would be missing for ever.
/// </summary>
internal sealed class InlineGuard(SqlIdentifier schema, IReadOnlyList<DeclaredProjection> declared)
{
    private readonly string _find = $"""
        select p.name
        from {schema}.{ProjectionTables.Projections} p
        join unnest($1, $2) as d (name, version) on d.name = p.name and d.version = p.version
        limit 1
        """;

    private volatile bool _isPassed;

    /// <summary>Adds what is asked, if it is not known yet.</summary>
    /// <returns>How many statements.</returns>
    public int AddTo(NpgsqlBatch batch)
    {
        if (_isPassed)
            return 0;

        batch.Add(_find)
            .With(declared.Select(static one => one.Name).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(declared.Select(static one => one.Version).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer);
        return 1;
    }

    /// <summary>Takes the answer, and moves on to the next result.</summary>
    /// <param name="rows">The results.</param>
    /// <param name="asked">What <see cref="AddTo"/> returned.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">A daemon has kept it.</exception>
    public async Task PassAsync(NpgsqlDataReader rows, int asked, CancellationToken cancellationToken)
    {
        if (asked == 0)
            return;

        if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException(
                $"The projection '{rows.GetString(0)}' is declared to be kept inline, and a daemon has kept the same version: events that it "
                    + "has not seen would be missing. Declare the next version.");

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        _isPassed = true;
    }
}
