using System.Globalization;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Compares a bookmark with the log: the position and the id of an event that was read.</summary>
internal sealed class BookmarkCheck(Database database, SqlIdentifier schema, Settler settler)
{
    private readonly string _query = $"""
        select
          (select e.id from {schema}.{EventTables.Events} e where e.position = $1),
          (
            select s.rewritten > 0
            from {schema}.{EventTables.Events} e
            join {schema}.{EventTables.Streams} s on s.key = e.stream
            where e.position = $1
          ),
          (select e.position from {schema}.{EventTables.Events} e where e.id = $2),
          exists (select from {schema}.{EventTables.Audit} a where (a.detail->>'removed')::bigint > 0)
        """;

    /// <returns>
    /// Whether the event is there; <see langword="false"/> if that is unknown, because it may have been removed or replaced.
    /// </returns>
    /// <exception cref="OrderingNotGuaranteedException">It is not there and was not removed, or stands elsewhere.</exception>
    public async Task<bool> VerifyAsync(long position, Guid eventId, CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        if (position > settled.Last)
            return settled.IsStandby ? false : throw OrderingChecks.Forked(position, settled.Last);

        using var batch = new NpgsqlBatch();
        batch.Add(_query).With(position, NpgsqlDbType.Bigint).With(eventId, NpgsqlDbType.Uuid);
        var found = await database.ReadFirstAsync(batch, Read, cancellationToken).ConfigureAwait(false);
        if (found.Id == eventId)
            return true;

        if (found.PositionOfEvent is { } other)
            throw Mismatch(position, eventId, string.Create(CultureInfo.InvariantCulture, $"at position {other}"));

        // A compaction puts another event in the place of one that it removes.
        var mayBeRemoved = found.Id is null ? found.AnyWereRemoved : found.IsRewritten;
        return mayBeRemoved ? false : throw Mismatch(position, eventId, found.Id is { } id ? $"event {id}" : "no event");
    }

    private static OrderingNotGuaranteedException Mismatch(long position, Guid eventId, string actual) => new(
        string.Create(CultureInfo.InvariantCulture, $"the event at position {position}"),
        $"event {eventId}, which was read there",
        actual);

    private static (Guid? Id, bool IsRewritten, long? PositionOfEvent, bool AnyWereRemoved) Read(NpgsqlDataReader row) => (
        row.IsDBNull(0) ? null : row.GetGuid(0),
        !row.IsDBNull(1) && row.GetBoolean(1),
        row.IsDBNull(2) ? null : row.GetInt64(2),
        row.GetBoolean(3));
}
