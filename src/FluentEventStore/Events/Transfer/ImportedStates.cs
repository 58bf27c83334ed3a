using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Archives and deletes imported streams that are so where they come from: last of all, for nothing can be appended to them afterwards.</summary>
internal sealed class ImportedStates(Database database, SqlIdentifier schema)
{
    private const int StreamsAtOnce = 500;

    private readonly Dictionary<(TenantId TenantId, StreamId StreamId), StreamVerb> _closed = [];

    // What is archived or deleted already stays as it is: the import may be one that was run before.
    private readonly string _close = $"""
        with active as (
          select s.id
          from {schema}.streams s
          where s.tenant = $1
            and s.id = any ($2)
            and s.state = {StreamStates.Active}
          order by s.id collate "C"
          for update
        )
        select {schema}.change_streams($1, closed.ids, closed.verbs, array_fill(0::bigint, array[cardinality(closed.ids)]))
        from (
          select array_agg(u.id) as ids, array_agg(u.verb) as verbs
          from unnest($2, $3) as u (id, verb)
          join active a on a.id = u.id
          having count(*) > 0
        ) as closed
        """;

    /// <summary>Notes the state that the stream of an event has where it comes from.</summary>
    public void Note(ImportedEvent @event)
    {
        var stream = (@event.TenantId, @event.StreamId);
        if (@event.StreamState == StreamStates.Active)
            _closed.Remove(stream);
        else
            _closed[stream] = @event.StreamState == StreamStates.Archived ? StreamVerb.Archive : StreamVerb.Delete;
    }

    /// <summary>Closes the streams that were noted, a few hundred in a transaction.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (var ofTenant in _closed.GroupBy(static closed => closed.Key.TenantId))
        {
            foreach (var some in ofTenant.Chunk(StreamsAtOnce))
            {
                using var batch = new NpgsqlBatch();
                batch.Add(_close)
                    .With(ofTenant.Key.Value, NpgsqlDbType.Text)
                    .With(Array.ConvertAll(some, static closed => closed.Key.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
                    .With(Array.ConvertAll(some, static closed => (short)closed.Value), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
                await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
