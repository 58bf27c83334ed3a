using System.Runtime.ExceptionServices;
using System.Text;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Turns the rows of one result into events, whatever the statement. It keeps the buffer, and values that repeat from row to row.
/// </summary>
/// <param name="rows">The rows, with one of the lists of columns of <see cref="EventColumns"/>.</param>
/// <param name="tenantId">The tenant of all events, if no column says it.</param>
/// <param name="streamId">The stream of all events; or the one with the links, if a column says the stream.</param>
/// <param name="events">Takes the events, and holds back those whose keys have to be fetched.</param>
/// <param name="isPage">
/// Whether the rows are a page. Then the two columns of <see cref="PageWeight"/> follow those of the events, and an event that cannot be
/// read ends the page, as <see cref="Failure"/>, unless the queue keeps such events.
/// </param>
/// <param name="fold">What may begin with a snapshot, if the statement asks for one.</param>
internal sealed class EventRowReader(
    NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, EventQueue events, bool isPage = false, SnapshotFold? fold = null)
    : IDisposable
{
    private readonly int _dataColumn = rows.FieldCount - (isPage ? 3 : 1);
    private readonly ColumnReader _bytes = new(rows);
    private readonly StreamId _stream = streamId;
    private EventType? _lastType;
    private StreamId _streamId = streamId;
    private TenantId _tenantId = tenantId;

    /// <summary>How many rows were events, or links whose events are gone.</summary>
    public int RowCount { get; private set; }

    /// <summary>How many events were read.</summary>
    public int EventCount { get; private set; }

    /// <summary>The position of the last event that was read.</summary>
    public long LastPosition { get; private set; }

    /// <summary>The version of the last row in the stream that is read; for a link, that of the link.</summary>
    public long LastVersion { get; private set; }

    /// <summary>The position of the last row in the stream that is read with its links; for a link, that of the link.</summary>
    public long LastPlace { get; private set; }

    /// <summary>What the rows of a page weigh, up to the last one that was read.</summary>
    public long Weight { get; private set; }

    /// <summary>Which state of the stream was read, if the statement tells; <see langword="default"/> if the stream is not seen.</summary>
    public StoredVersion Head { get; private set; }

    /// <summary>Why the event after the last one cannot be read; <see langword="null"/> if the whole page was read.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Of a row that is not an event: the number of the stream; <see langword="null"/> if there is none.</summary>
    public long? Key => rows.IsDBNull(EventColumns.Position) ? null : rows.GetInt64(EventColumns.Position);

    /// <summary>Of a row that is not an event: the version that it says.</summary>
    public long Version => rows.GetInt64(EventColumns.Version);

    /// <summary>Of a row that is not an event: how often the past of the stream was changed.</summary>
    public int Rewritten => rows.GetInt32(EventColumns.TypeVersion);

    /// <summary>Of a row that is not an event: what else it says.</summary>
    public string Flags => rows.GetString(EventColumns.CorrelationId);

    /// <summary>Of a row that is not an event: the instant that it says; <see langword="default"/> if it says none.</summary>
    public DateTimeOffset At => rows.IsDBNull(EventColumns.RecordedAt) ? default : rows.GetInstant(EventColumns.RecordedAt);

    /// <summary>Of a row that is not an event: the JSON that it holds; <see langword="null"/> if it holds none.</summary>
    public byte[]? Data => rows.IsDBNull(_dataColumn) ? null : _bytes.ReadJson(_dataColumn).ToArray();

    private bool HasTenant => _dataColumn == EventColumns.Tenant + 1;

    private bool HasLink => _dataColumn == EventColumns.LinkPosition + 1;

    /// <summary>Reads events up to the end of the result, or to the next row that is for the caller to read.</summary>
    /// <returns>
    /// What that row is; <see cref="EventRowKind.None"/> at the end. <see cref="EventRowKind.Start"/> if the snapshot does not fit, so that
    /// all events have to be read.
    /// </returns>
    /// <exception cref="UnknownEventTypeException">The type of an event is not registered, and this is no page.</exception>
    /// <exception cref="EventSerializationException">
    /// The JSON of an event does not fit its type, or an upcaster failed, and this is no page.
    /// </exception>
    public async ValueTask<EventRowKind> ReadAsync(CancellationToken cancellationToken)
    {
        while (Failure is null && await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (ReadKind())
            {
                case EventRowKind.Event:
                    TakeEvent();
                    break;
                case EventRowKind.Head:
                    Head = new StoredVersion(Version, Key!.Value, Rewritten);
                    break;
                case EventRowKind.Gone:
                    LastPlace = rows.GetInt64(EventColumns.LinkPosition);
                    Count(rows.GetInt64(EventColumns.LinkVersion));
                    break;
                case EventRowKind.Start when TryBegin(fold!):
                    break;
                case var other:
                    return other;
            }
        }

        return EventRowKind.None;
    }

    public void Dispose() => _bytes.Dispose();

    private EventRowKind ReadKind() =>
        rows.IsDBNull(EventColumns.Id) ? (EventRowKind)_bytes.ReadText(EventColumns.Type)[0] : EventRowKind.Event;

    private bool TryBegin(SnapshotFold begun)
    {
        begun.StreamKey = Key!.Value;
        begun.KeptVersion = Version;
        begun.Rewritten = Rewritten;
        return rows.IsDBNull(_dataColumn) || begun.TryBegin(_bytes.ReadJson(_dataColumn));
    }

    private void TakeEvent()
    {
        var metadata = ReadMetadata();
        try
        {
            events.Add(FindType(metadata), metadata, _bytes.ReadJson(_dataColumn));
        }
        catch (EventException unreadable) when (events.KeepsUnreadable)
        {
            events.AddUnreadable(metadata, unreadable);
        }
        catch (EventException unreadable) when (isPage)
        {
            Failure = ExceptionDispatchInfo.Capture(unreadable);
            return;
        }

        LastPosition = metadata.Position;
        LastPlace = metadata.Link?.Position ?? metadata.Position;
        EventCount++;
        Count(metadata.Link?.Version ?? metadata.Version);
    }

    private void Count(long version)
    {
        RowCount++;
        LastVersion = version;
        if (isPage)
            Weight = rows.GetInt64(_dataColumn + 2);
    }

    private EventMetadata ReadMetadata() =>
        new()
        {
            Id = rows.GetGuid(EventColumns.Id),
            Position = rows.GetInt64(EventColumns.Position),
            Version = rows.GetInt64(EventColumns.Version),
            TypeName = ReadTypeName(),
            TypeVersion = rows.GetInt32(EventColumns.TypeVersion),
            Timestamp = rows.GetInstant(EventColumns.RecordedAt),
            CorrelationId = ReadText(EventColumns.CorrelationId),
            CausationId = ReadText(EventColumns.CausationId),
            UserName = ReadText(EventColumns.UserName),
            Headers = rows.IsDBNull(EventColumns.Headers) ? null! : EventHeaders.Read(_bytes.ReadJson(EventColumns.Headers)),
            StreamId = _dataColumn == EventColumns.StreamId ? _stream : ReadStreamId(),
            TenantId = HasTenant ? _tenantId = ReadTenant() : _tenantId,
            Link = HasLink ? ReadLink() : null,
        };

    private StreamId ReadStreamId()
    {
        var value = rows.GetString(EventColumns.StreamId);
        return !_streamId.IsDefault && _streamId.Value == value ? _streamId : _streamId = StreamId.Stored(value);
    }

    private TenantId ReadTenant()
    {
        var value = rows.GetString(EventColumns.Tenant);
        return _tenantId.Value == value ? _tenantId : TenantId.Stored(value);
    }

    private EventLink? ReadLink() => rows.IsDBNull(EventColumns.LinkVersion)
        ? null
        : new EventLink(_stream, rows.GetInt64(EventColumns.LinkVersion), rows.GetInt64(EventColumns.LinkPosition));

    private string? ReadText(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    // Most events have the type of the one before. Its name is compared as it came, without making a string.
    private string ReadTypeName()
    {
        var name = _bytes.ReadText(EventColumns.Type);
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
}
