using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The statements that read one stream, or one event.</summary>
internal sealed class StreamSql(SqlIdentifier schema)
{
    private readonly ShapedSql<StreamShape> _ranges = new(shape => RangeSql.Write(schema, shape));

    private readonly string _past = $"select s.key, s.truncated_before {OfStream(schema)} and s.state <= $3";

    private readonly string _version = $"select s.version {OfStream(schema)}";

    private readonly string _state = $"select {StreamStateReader.Columns} {OfStream(schema)} and s.version > 0";

    private readonly string _event = $"""
        select {EventColumns.OfStreams("s.id")}
        from {schema}.{EventTables.Events} e
        {StreamLookup.Of(schema, "e", "s.id", $"and s.tenant = $1 {StreamLookup.IsShown("$3")}")}
        where e.id = $2
        """;

    /// <summary>Adds the statement that reads a range of versions.</summary>
    /// <param name="batch">Takes the statement.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">Which versions.</param>
    /// <param name="shape">Whether the stream is read with its links, or after a row that says which state of it is read.</param>
    public void Add(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, StreamShape shape) =>
        AddRange(batch, shape, tenantId, streamId, range);

    /// <summary>As <see cref="Add"/>, for a page, which may end by its weight.</summary>
    public void AddPage(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, bool isLinked, long weight) =>
        AddRange(batch, isLinked ? StreamShape.Linked | StreamShape.Page : StreamShape.Page, tenantId, streamId, range)
            .With(weight, NpgsqlDbType.Bigint);

    /// <summary>As <see cref="Add"/>, forwards, with the snapshot that the folding begins with.</summary>
    public void AddFold(
        NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, StreamShape shape, SnapshotFold fold) =>
        AddRange(batch, shape | StreamShape.Kept, tenantId, streamId, range)
            .With(fold.Aggregate, NpgsqlDbType.Text)
            .With(fold.Shape, NpgsqlDbType.Text);

    /// <summary>Adds the statement that reads the past of a stream: its key, and its lowest version.</summary>
    public void AddPast(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range) =>
        AddOfStream(batch, _past, tenantId, streamId).With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);

    /// <summary>Adds the statement that reads the version of a stream, hidden or not.</summary>
    public void AddVersion(NpgsqlBatch batch, TenantId tenantId, StreamId streamId) => AddOfStream(batch, _version, tenantId, streamId);

    /// <summary>Adds the statement that reads what is known of a stream, hidden or not.</summary>
    public void AddState(NpgsqlBatch batch, TenantId tenantId, StreamId streamId) => AddOfStream(batch, _state, tenantId, streamId);

    /// <summary>Adds the statement that reads an event by its id.</summary>
    public void AddEvent(NpgsqlBatch batch, TenantId tenantId, Guid id, bool includeArchived) => batch.Add(_event)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(id, NpgsqlDbType.Uuid)
        .With(StreamStates.Seen(includeArchived), NpgsqlDbType.Smallint);

    private static string OfStream(SqlIdentifier schema) => $"from {schema}.{EventTables.Streams} s where s.tenant = $1 and s.id = $2";

    private static NpgsqlBatchCommand AddOfStream(NpgsqlBatch batch, string sql, TenantId tenantId, StreamId streamId) =>
        batch.Add(sql).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);

    private NpgsqlBatchCommand AddRange(NpgsqlBatch batch, StreamShape shape, TenantId tenantId, StreamId streamId, StreamSpan range)
    {
        if (range.IsBackwards)
            shape |= StreamShape.Backwards;
        if (range.Until is not null)
            shape |= StreamShape.Until;

        var command = AddOfStream(batch, _ranges[shape], tenantId, streamId)
            .With(range.FromVersion, NpgsqlDbType.Bigint)
            .With(range.ToVersion, NpgsqlDbType.Bigint)
            .With(range.MaxCount, NpgsqlDbType.Integer)
            .With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);
        return range.Until is { } until ? command.With(until.ToUniversalTime(), NpgsqlDbType.TimestampTz) : command;
    }
}
