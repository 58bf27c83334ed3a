using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// The natural keys that the events of a chunk set. An event that is there already sets none: its stream may have another by now.
/// </summary>
internal sealed class ImportedKeys(INaturalKeys keys)
{
    /// <summary>Declares what <see cref="Set"/> uses.</summary>
    public const string Variables = "v_tenant text;";

    private readonly List<(int Ordinal, string Name, string? Value)> _found = [];

    /// <summary>Finds the keys of all events of a chunk, in the place of those that were found before.</summary>
    /// <exception cref="ImportException">An event cannot be read, or what it sets cannot be a key.</exception>
    public void Find(List<StagedEvent> events)
    {
        _found.Clear();
        for (var index = 0; index < events.Count; index++)
        {
            var staged = events[index];
            if (staged.Event is { IsLink: false, Type: { } type } && keys.MayBeSetBy(type))
                Find(staged, type, index + 1);
        }
    }

    /// <summary>Adds the parameters of <see cref="Set"/>.</summary>
    public void AddTo(NpgsqlBatchCommand command) => command
        .With(Column(static key => key.Ordinal), NpgsqlDbType.Array | NpgsqlDbType.Integer)
        .With(Column(static key => key.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(static key => key.Value), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>The event that sets a key for a stream, if the chunk has it; otherwise the first of the stream.</summary>
    public StagedEvent CulpritOf(List<StagedEvent> events, string name, string value, string streamId)
    {
        var found = _found.FindLast(key =>
            key.Name == name && key.Value == value && events[key.Ordinal - 1].Event.StreamId.Value == streamId);
        return found.Ordinal > 0 ? events[found.Ordinal - 1] : events.Find(staged => staged.Event.StreamId.Value == streamId);
    }

    /// <summary>
    /// Sets the keys, tenant by tenant, after the streams are locked and before positions are drawn. The last event of a stream decides,
    /// unless the stream was deleted in the exported store: then another one may have its key.
    /// </summary>
    public static string Set(SqlIdentifier schema) => $"""
        if cardinality(p_key_events) > 0 then
            for v_tenant in select distinct u.tenant collate "C" from unnest(p_tenants) as u (tenant) order by 1 loop
              perform {schema}.{ReserveFunction.Name}(v_tenant, k.names, k.values, k.owners, k.verbs, k.types, k.deleted, array[]::text[],
                array[]::text[])
              from (
                select array_agg(k.name) as names, array_agg(k.value) as values, array_agg(k.owner) as owners,
                       array_agg({(short)ReservationVerb.Set}::smallint) as verbs, array_agg(k.type) as types,
                       coalesce(array_agg(distinct k.owner) filter (where k.deleted), array[]::text[]) as deleted
                from (
                  select distinct on (i.stream, u.name)
                    u.name, u.value, p_streams[i.stream] as owner, p_aggregate_types[i.stream] as type, p_deleted[i.stream] as deleted
                  from unnest(p_key_events, p_key_names, p_key_values) as u (event, name, value)
                  join pg_temp.fes_import i on i.ordinal = u.event
                  where i.type is not null and p_tenants[i.stream] = v_tenant
                  order by i.stream, u.name, i.version desc
                ) as k
                having count(*) > 0
              ) as k;
            end loop;
          end if;
        """;

    private void Find(StagedEvent staged, EventType type, int ordinal)
    {
        try
        {
            var read = SealedEventJson.TryRead(
                type, MetadataOf(staged), StoredJson.Of(staged.Data).Span, ForgottenKeys.Instance, kept: null, out _);
            foreach (var (name, value) in keys.Of(read!))
                _found.Add((ordinal, name, value));
        }
        catch (EventSerializationException failure)
        {
            throw staged.Source.Refuse(
                ImportFault.NaturalKey, $"it sets a natural key, but cannot be read. {failure.Message}", staged.Event);
        }
        catch (InvalidOperationException failure)
        {
            throw staged.Source.Refuse(ImportFault.NaturalKey, failure.Message, staged.Event);
        }
    }

    private static EventMetadata MetadataOf(in StagedEvent staged) => new()
    {
        Id = staged.Id,
        Position = EventMetadata.Unassigned,
        StreamId = staged.Event.StreamId,
        Version = EventMetadata.Unassigned,
        TypeName = staged.Event.TypeName,
        TypeVersion = staged.Event.TypeVersion,
        Timestamp = staged.Event.Timestamp,
        CorrelationId = staged.Event.CorrelationId,
        CausationId = staged.Event.CausationId,
        UserName = staged.Event.UserName,
        Headers = staged.Event.Headers ?? System.Collections.Frozen.FrozenDictionary<string, string>.Empty,
        TenantId = staged.Event.TenantId,
    };

    private T[] Column<T>(Converter<(int Ordinal, string Name, string? Value), T> value) => [.. _found.ConvertAll(value)];
}
