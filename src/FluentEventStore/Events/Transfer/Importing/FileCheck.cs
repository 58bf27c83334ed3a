using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Compares a file with the store before anything is imported: what the import would refuse fails before anything is written.
/// </summary>
internal sealed class FileCheck(Database database, SqlIdentifier schema, SubjectKeyCache keys, int? maxBytesOfEvent)
{
    private const int PageSize = 5_000;
    private const long PageBytes = 32 << 20;

    // Each row is fetched by its key, as everywhere: the plan is kept while the tables grow.
    private readonly string _find = $"""
        select wanted.ordinal::integer, coalesce(s.version, 0), coalesce(s.state, 0::smallint), same.version, known.version, known.id
        from unnest($1, $2, $3, $4, $5, $6, $7, $8) with ordinality
          as wanted (tenant, stream, version, id, type, type_version, is_first, truncated_before, ordinal)
        left join lateral (
          select s.key, s.version, s.state, s.truncated_before
          from {schema}.{EventTables.Streams} s
          where s.tenant = wanted.tenant
            and s.id = wanted.stream
          limit 1
        ) as s on true
        left join lateral (
          (
          select e.version
          from {schema}.{EventTables.Events} e
          where e.stream = s.key
            and e.version = wanted.version
            and e.id = wanted.id
            and e.type = wanted.type
            and e.type_version = wanted.type_version
          limit 1
          )
          union all
          (
          select l.version
          from {schema}.{LinksSchema.Links} l
          where wanted.type is null
            and l.stream = s.key
            and l.version = wanted.version
            and coalesce(l.event_id = wanted.id, true)
          limit 1
          )
        ) as same on true
        left join lateral (
          select e.version, (select n.id from {schema}.{EventTables.Streams} n where n.key = e.stream) as id
          from {schema}.{EventTables.Events} e
          where e.id = wanted.id
            and same.version is null
            and wanted.type is not null
          limit 1
        ) as known on true
        where (s.state <> {StreamStates.Active} and wanted.version > s.version)
          or (wanted.is_first
            and wanted.version > coalesce(s.version, 0) + 1
            and not (coalesce(s.version, 0) = 0 and wanted.version <= wanted.truncated_before))
          or (wanted.version between s.truncated_before and s.version and same.version is null)
          or known.version is not null
        order by wanted.ordinal
        limit 1
        """;

    /// <returns>What the file says of subjects, to be applied before its events.</returns>
    /// <exception cref="ImportException">The file is not as it was exported, or does not fit the store.</exception>
    public async Task<SubjectCheck> CheckAsync(EventFile file, CancellationToken cancellationToken)
    {
        var subjects = new SubjectCheck(keys);
        var page = new List<(ImportedEvent Event, ImportSource Source, bool IsFirst)>(PageSize);
        var bytes = 0L;
        await foreach (var (@event, subject, source) in file.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (subject is not null)
                subjects.Add(subject, source);

            if (@event is null)
                continue;

            ImportRefusals.CheckSize(@event, source, @event.Json.Span, maxBytesOfEvent);
            page.Add((@event, source, file.IsFirstOfStream));
            bytes += @event.Json.Length;
            if (page.Count < PageSize && bytes < PageBytes)
                continue;

            await CheckAsync(page, subjects, cancellationToken).ConfigureAwait(false);
            page.Clear();
            bytes = 0;
        }

        await CheckAsync(page, subjects, cancellationToken).ConfigureAwait(false);
        return subjects;
    }

    private async Task CheckAsync(
        List<(ImportedEvent Event, ImportSource Source, bool IsFirst)> page, SubjectCheck subjects, CancellationToken cancellationToken)
    {
        if (page.Count > 0)
            await CheckAsync(page, cancellationToken).ConfigureAwait(false);

        await subjects.CheckAsync(page.Select(static row => (row.Event, row.Source)), cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckAsync(List<(ImportedEvent Event, ImportSource Source, bool IsFirst)> page, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_find)
            .With(page.Select(static row => row.Event.TenantId.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(page.Select(static row => row.Event.StreamId.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(page.Select(static row => row.Event.Version).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(page.Select(static row => row.Event.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(page.Select(static row => row.Event.IsLink ? null : row.Event.TypeName).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(page.Select(static row => row.Event.TypeVersion).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(page.Select(static row => row.IsFirst).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Boolean)
            .With(page.Select(static row => row.Event.TruncatedBefore).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        var found = await database
            .ReadFirstAsync(batch, row => Refusal(row, page[row.GetInt32(0) - 1]), cancellationToken)
            .ConfigureAwait(false);
        if (found is { } refusal)
            throw refusal;
    }

    private static ImportException Refusal(NpgsqlDataReader row, (ImportedEvent Event, ImportSource Source, bool IsFirst) culprit)
    {
        var (@event, source, isFirst) = culprit;
        var version = row.GetInt64(1);
        if (row.GetInt16(2) != StreamStates.Active && @event.Version > version)
            return ImportRefusals.ClosedStream(@event, source);

        if (isFirst && @event.Version > version + 1 && (version > 0 || @event.Version > @event.TruncatedBefore))
            return ImportRefusals.Misplaced(@event, source, version);

        return row.IsDBNull(4)
            ? ImportRefusals.DifferentEvent(@event, @event.Id, source, version)
            : ImportRefusals.KnownId(@event, @event.Id, source, row.GetString(5), row.GetInt64(4));
    }
}
