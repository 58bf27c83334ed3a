using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Exports events as lines of JSON, page by page, as they are stored: nothing is decoded.</summary>
internal sealed class EventExporter(
    Database database, SqlIdentifier schema, Settler settler, SubjectKeyCache keys, TimeProvider time, PageBounds bounds)
{
    /// <summary>What is exported of streams.</summary>
    public const string OfStream = "s.tenant, s.id, s.aggregate_type, s.truncated_before, s.state, s.version";

    /// <summary>Whether a stream is asked for: by tenant, or by prefix.</summary>
    public const string Selected = "and ($4 is null or s.tenant = $4) and ($5 is null or pg_catalog.starts_with(s.id, $5))";

    private readonly string _log = PageWeight.Cut(
        $"""
        select {ExportColumns.Sql}, {PageWeight.Column}
        from {schema}.{EventTables.Events} e
        {StreamLookup.Of(schema, "e", OfStream, Selected)}
        {TagsOf(schema)}
        where e.position > $1
          and e.position <= $2
        order by e.position
        limit $3
        """,
        "position",
        "$6");

    private readonly string _stream = PageWeight.Cut(
        $"""
        select {ExportColumns.Sql}, {PageWeight.Column}
        from {schema}.{EventTables.Streams} s
        cross join lateral (
          select e.*
          from {schema}.{EventTables.Events} e
          where e.stream = s.key
            and e.version > $6
            and e.position > $1
            and e.position <= $2
          order by e.version
          limit $3
        ) as e
        {TagsOf(schema)}
        where s.tenant = $4
          and s.id = $5
        order by e.version
        """,
        "version",
        "$7");

    private readonly ExportedLinks _links = new(database, schema);

    private readonly string _next = $"""
        select least(
          (select e.position from {schema}.{EventTables.Events} e where e.position > $1 and e.position <= $2 order by e.position limit 1),
          (select l.position from {schema}.{LinksSchema.Links} l where l.position > $1 and l.position <= $2 order by l.position limit 1))
        """;

    public async Task<ExportReport> ExportAsync(Stream output, ExportOptions options, CancellationToken cancellationToken)
    {
        var settled = await _links.FindEndAsync(await settler.AskAsync(cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        var to = Math.Min(options.UpTo ?? settled, settled);
        using var lines = new EventLineWriter();
        lines.WriteFirst(schema.Name, time.GetUtcNow(), options.After, to);
        await lines.FlushAsync(output, cancellationToken).ConfigureAwait(false);

        var ofStream = !options.StreamId.IsDefault;
        var subjects = new ExportedSubjects(keys, options.IncludeKeys);
        var (after, version) = (options.After, 0L);
        while (after < to)
        {
            var looked = ofStream ? to : Math.Min(to, after + bounds.Positions);
            var encrypted = new List<SealedData>();
            var (last, isFull) = await WritePageAsync(lines, encrypted, options, (after, looked, version), cancellationToken)
                .ConfigureAwait(false);
            foreach (var subject in await subjects.FindAsync(encrypted, cancellationToken).ConfigureAwait(false))
                lines.WriteSubject(subject);

            // Sent after the rows were read, so that a slow reader of the output holds neither a connection nor a snapshot.
            await lines.FlushAsync(output, cancellationToken).ConfigureAwait(false);
            version = last?.Version ?? version;
            after = isFull ? last!.Value.Position
                : last is null && looked < to ? await FindNextAsync(looked, to, cancellationToken).ConfigureAwait(false) - 1
                : looked;
        }

        var sha256 = await lines.FinishAsync(output, cancellationToken).ConfigureAwait(false);
        return new ExportReport(lines.Events, to, sha256);
    }

    /// <returns>
    /// The position and the version of the last event or link of the page, if there was one, and whether more may follow up to the same
    /// end.
    /// </returns>
    private async Task<((long Position, long Version)? Last, bool IsFull)> WritePageAsync(
        EventLineWriter lines,
        List<SealedData> encrypted,
        ExportOptions options,
        (long After, long To, long Version) range,
        CancellationToken cancellationToken)
    {
        var last = default((long, long)?);
        var (count, weight) = (0, 0L);
        using var batch = CreateBatch(options, range);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var links = await ExportedLinks.ReadAsync(rows, cancellationToken).ConfigureAwait(false);
            var areLinksFull = links.Count == bounds.StreamEvents;
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using var bytes = new ColumnReader(rows);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                last = WriteLinks(lines, links, rows.GetInt64(EventColumns.Position)) ?? last;
                if (areLinksFull && links.Count == 0)
                    return (last, true);

                (last, count, weight) = (lines.WriteEvent(rows, bytes, encrypted), count + 1, rows.GetInt64(ExportColumns.Weight));
            }

            var areEventsFull = count == bounds.StreamEvents || weight >= bounds.Weight;
            if (!areEventsFull)
                last = WriteLinks(lines, links, long.MaxValue) ?? last;

            return (last, areEventsFull || areLinksFull);
        }
    }

    /// <summary>Writes the links that stand before a position.</summary>
    /// <returns>The position and the version of the last one, if there was one.</returns>
    private static (long, long)? WriteLinks(EventLineWriter lines, Queue<ExportedLink> links, long before)
    {
        var last = default((long, long)?);
        while (links.TryPeek(out var link) && link.Position < before)
            last = lines.WriteLink(links.Dequeue());

        return last;
    }

    /// <summary>The first position of a range that an event or a link has, or the one behind the range.</summary>
    private async Task<long> FindNextAsync(long after, long to, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_next).With(after, NpgsqlDbType.Bigint).With(to, NpgsqlDbType.Bigint);
        return await database.ReadFirstAsync(batch, static row => row.IsDBNull(0) ? null : (long?)row.GetInt64(0), cancellationToken)
            .ConfigureAwait(false)
            ?? to + 1;
    }

    private NpgsqlBatch CreateBatch(ExportOptions options, (long After, long To, long Version) range)
    {
        var ofStream = !options.StreamId.IsDefault;
        var batch = new NpgsqlBatch();
        batch.Add(Planning.ForPages);
        _links.Add(batch, options, range, bounds.StreamEvents);
        var command = batch.Add(ofStream ? _stream : _log)
            .With(range.After, NpgsqlDbType.Bigint)
            .With(range.To, NpgsqlDbType.Bigint)
            .With(bounds.StreamEvents, NpgsqlDbType.Integer);
        if (ofStream)
        {
            command
                .With(options.TenantId!.Value.Value, NpgsqlDbType.Text)
                .With(options.StreamId.Value, NpgsqlDbType.Text)
                .With(range.Version, NpgsqlDbType.Bigint);
        }
        else
        {
            command.WithText(options.TenantId?.Value).WithText(options.StreamPrefix);
        }

        command.With(bounds.Weight, NpgsqlDbType.Bigint);
        return batch;
    }

    private static string TagsOf(SqlIdentifier schema) => $"""
        cross join lateral (
          select pg_catalog.array_agg(t.tag order by t.tag) as names
          from {schema}.{EventTables.EventTags} t
          where t.position = e.position
        ) as tags
        """;
}
