using System.Text;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Turns rows into events. One instance serves one result: it keeps the buffer and what repeats from row to row.</summary>
/// <param name="rows">The rows, of one of the lists of columns here.</param>
/// <param name="tenantId">The tenant of all events, where no column says it.</param>
/// <param name="streamId">The stream of all events, where no column says it; the one with the links where they do.</param>
/// <param name="personalData">Decrypts.</param>
/// <param name="isWeighed">Whether the two columns of <see cref="PageWeight"/> stand behind those of the events.</param>
internal sealed class EventRowReader(NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, PersonalData personalData, bool isWeighed = false) : IDisposable
{
    private const string Metadata = """
        e.position, e.version, e.id, e.type, e.type_version, e.recorded_at, e.correlation_id, e.causation_id, e.user_name, e.headers
        """;

    /// <summary>The columns that <see cref="Read"/> takes where all rows are of one stream, of the table <c>events</c> under the alias <c>e</c>.</summary>
    public const string Columns = $"{Metadata}, e.data";

    /// <summary>As many nulls, with a position that tells them from an event.</summary>
    public const string Nulls = """
        null::bigint, null::bigint, null::uuid, null::text, null::integer, null::timestamptz, null::text, null::text, null::text, null::jsonb, null::jsonb
        """;

    // The data stands last, for reading columns in their order is cheapest, and metadata is needed before it.
    private const int StreamIdColumn = 10;
    private const int TenantColumn = 11;
    private const int LinkVersionColumn = 11;
    private const int LinkPositionColumn = 12;

    private readonly int _dataColumn = rows.FieldCount - (isWeighed ? 3 : 1);
    private readonly bool _hasTenant = rows.FieldCount - (isWeighed ? 3 : 1) == TenantColumn + 1;
    private readonly bool _hasLink = rows.FieldCount - (isWeighed ? 3 : 1) == LinkPositionColumn + 1;
    private readonly ColumnReader _bytes = new(rows);
    private EventType? _lastType;
    private readonly StreamId _stream = streamId;
    private StreamId _streamId = streamId;
    private TenantId _tenantId = tenantId;

    /// <summary>The columns where the rows are of several streams.</summary>
    /// <param name="streamId">The column with the id of an event's stream.</param>
    public static string ColumnsWith(string streamId) => $"{Metadata}, {streamId}, e.data";

    /// <summary>The columns where the rows are of several streams and tenants.</summary>
    /// <param name="streamId">The column with the id of an event's stream.</param>
    /// <param name="tenant">The column with its tenant.</param>
    public static string ColumnsWith(string streamId, string tenant) => $"{Metadata}, {streamId}, {tenant}, e.data";

    /// <summary>The columns where events of other streams are read through the links of one.</summary>
    /// <param name="streamId">The column with the id of an event's own stream.</param>
    /// <param name="linkVersion">The column with the version of the link; null where the event is the stream's own.</param>
    /// <param name="linkPosition">The column with the position of the link; null where the event is the stream's own.</param>
    public static string ColumnsWith(string streamId, string linkVersion, string linkPosition) =>
        $"{Metadata}, {streamId}, {linkVersion}, {linkPosition}, e.data";

    /// <summary>Whether the current row is of <see cref="Nulls"/>.</summary>
    public static bool IsNull(NpgsqlDataReader rows) => rows.IsDBNull(0);

    /// <summary>Whether the current row is an event: others have no event id.</summary>
    public static bool IsEvent(NpgsqlDataReader rows) => !rows.IsDBNull(2);

    /// <summary>Whether the current row says where a folding begins, and is no event.</summary>
    public static bool IsStart(NpgsqlDataReader rows) => rows.GetInt64(0) < 0;

    /// <summary>The position of the event of the current row.</summary>
    public long Position => rows.GetInt64(0);

    /// <summary>The version of the current row in the stream that is read: that of the link where it is one, whose event may be gone.</summary>
    public long VersionOfRow => _hasLink && !rows.IsDBNull(LinkVersionColumn) ? rows.GetInt64(LinkVersionColumn) : rows.GetInt64(1);

    /// <summary>What the rows of a page weigh, up to the current one.</summary>
    public long Weight => rows.GetInt64(_dataColumn + 2);

    /// <summary>Reads the current row, which says where a folding begins; <see langword="false"/> where the state that was kept does not fit.</summary>
    public bool TryBegin(SnapshotFold fold)
    {
        fold.StreamKey = -rows.GetInt64(0);
        fold.KeptVersion = rows.GetInt64(1);
        fold.Rewritten = rows.GetInt32(4);
        return rows.IsDBNull(_dataColumn) || fold.TryBegin(_bytes.ReadJson(_dataColumn));
    }

    /// <summary>Reads the event of the current row; one that keys have to be fetched for as <see cref="SealedEvent"/>.</summary>
    /// <exception cref="UnknownEventTypeException">Its type is not registered.</exception>
    /// <exception cref="EventSerializationException">Its JSON does not fit its type, or an upcaster failed.</exception>
    public IEvent Read()
    {
        var metadata = ReadMetadata();
        return ReadData(FindType(metadata), metadata);
    }

    /// <summary>Reads the event of the current row without decoding its data.</summary>
    /// <exception cref="UnknownEventTypeException">Its type is not registered.</exception>
    public SealedEvent ReadSealed()
    {
        var metadata = ReadMetadata();
        return new SealedEvent(FindType(metadata), metadata, _bytes.ReadJson(_dataColumn).ToArray(), []);
    }

    public void Dispose() => _bytes.Dispose();

    private EventMetadata ReadMetadata() =>
        new()
        {
            Position = rows.GetInt64(0),
            Version = rows.GetInt64(1),
            Id = rows.GetGuid(2),
            TypeName = ReadTypeName(),
            TypeVersion = rows.GetInt32(4),
            Timestamp = rows.GetInstant(5),
            CorrelationId = ReadText(6),
            CausationId = ReadText(7),
            UserName = ReadText(8),
            Headers = rows.IsDBNull(9) ? null! : EventHeaders.Read(_bytes.ReadJson(9)),
            StreamId = _dataColumn == StreamIdColumn ? _stream : ReadStreamId(),
            TenantId = _hasTenant ? _tenantId = ReadTenant() : _tenantId,
            Link = _hasLink ? ReadLink() : null,
        };

    private StreamId ReadStreamId()
    {
        var value = rows.GetString(StreamIdColumn);
        return !_streamId.IsDefault && _streamId.Value == value ? _streamId : _streamId = StreamId.Stored(value);
    }

    private TenantId ReadTenant()
    {
        var value = rows.GetString(TenantColumn);
        return _tenantId.Value == value ? _tenantId : TenantId.Stored(value);
    }

    private EventLink? ReadLink() => rows.IsDBNull(LinkVersionColumn)
        ? null
        : new EventLink(_stream, rows.GetInt64(LinkVersionColumn), rows.GetInt64(LinkPositionColumn));

    private string? ReadText(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    // Most events are of the type of the one before: its name is compared as it came, and no string is made.
    private string ReadTypeName()
    {
        var name = _bytes.ReadText(3);
        return _lastType is { } last && name.SequenceEqual(last.Utf8Name.Span) ? last.Name : Encoding.UTF8.GetString(name);
    }

    private EventType FindType(in EventMetadata metadata)
    {
        if (_lastType is { } last && ReferenceEquals(last.Name, metadata.TypeName) && last.Version == metadata.TypeVersion)
            return last;

        if (!EventCatalog.TryGet(metadata.TypeName, metadata.TypeVersion, out var found))
            throw new UnknownEventTypeException(metadata.Location, EventCatalog.VersionsOf(metadata.TypeName));

        return _lastType = found;
    }

    private IEvent ReadData(EventType type, in EventMetadata metadata)
    {
        var json = _bytes.ReadJson(_dataColumn);
        if (type.HoldsPersonalData && SealedMark.MayBeIn(json))
            return personalData.Read(type, metadata, json);

        return EventJson.Read(type, metadata, json);
    }
}
