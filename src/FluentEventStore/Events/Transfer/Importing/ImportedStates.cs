using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Archives and deletes the imported streams that were so in the exported store. It comes last of all, because nothing can be appended to
/// them afterwards.
/// </summary>
internal sealed class ImportedStates(Database database, SqlIdentifier schema, Action<NpgsqlBatch> holdSnapshots)
{
    /// <summary>How many streams are changed in a transaction at most, and how many events, unless one stream alone has more.</summary>
    private const int StreamsAtOnce = 500;
    private const long EventsAtOnce = 20_000;

    private readonly Dictionary<(TenantId TenantId, StreamId StreamId), (StreamVerb Verb, long Events)> _closed = [];

    // Streams that are archived or deleted already stay as they are: the import may have run before.
    private readonly string _close = $$"""
        with locked as (
          select s.id, s.state
          from {{schema}}.{{EventTables.Streams}} s
          where s.tenant = $1
            and s.id = any ($2)
          order by s.id collate "C"
          for update
        )
        select
          {{schema}}.{{ReserveFunction.Name}}($1, '{}', '{}', '{}', '{}', '{}', closed.deleted, '{}', '{}'),
          {{schema}}.{{ChangeStreamsFunction.Name}}(
          $1, closed.ids, closed.verbs, pg_catalog.array_fill(0::bigint, array[pg_catalog.cardinality(closed.ids)]))
        from (
          select
            pg_catalog.array_agg(u.id) as ids, pg_catalog.array_agg(u.verb) as verbs,
            coalesce(pg_catalog.array_agg(u.id) filter (where u.verb = {{(short)StreamVerb.Delete}}), '{}') as deleted
          from unnest($2, $3) as u (id, verb)
          join locked l on l.id = u.id
          where l.state = {{StreamStates.Active}}
            or (l.state = {{StreamStates.Archived}} and u.verb = {{(short)StreamVerb.Delete}})
          having pg_catalog.count(*) > 0
        ) as closed
        """;

    /// <summary>Notes the state that the stream of an event has in the exported store.</summary>
    public void Note(ImportedEvent @event)
    {
        var stream = (@event.TenantId, @event.StreamId);
        if (@event.StreamState == StreamStates.Active)
            _closed.Remove(stream);
        else
            _closed[stream] = (@event.StreamState == StreamStates.Archived ? StreamVerb.Archive : StreamVerb.Delete, @event.Version);
    }

    /// <summary>Closes the streams that were noted, a few hundred in a transaction.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (var ofTenant in _closed.GroupBy(static closed => closed.Key.TenantId))
        {
            var (streams, verbs, events) = (new List<string>(), new List<short>(), 0L);
            foreach (var (stream, closed) in ofTenant)
            {
                streams.Add(stream.StreamId.Value);
                verbs.Add((short)closed.Verb);
                events += closed.Events;
                if (streams.Count < StreamsAtOnce && events < EventsAtOnce)
                    continue;

                await CloseAsync(ofTenant.Key, streams, verbs, cancellationToken).ConfigureAwait(false);
                (streams, verbs, events) = ([], [], 0);
            }

            if (streams.Count > 0)
                await CloseAsync(ofTenant.Key, streams, verbs, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync(TenantId tenantId, List<string> streams, List<short> verbs, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        holdSnapshots(batch);
        batch.Add(_close)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streams.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(verbs.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
        await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }
}
