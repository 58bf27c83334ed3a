using System.Text.Json;

namespace FluentEventStore.Events;

/// <summary>Reads the line of an event, or of a link.</summary>
internal ref struct EventLineParser
{
    private static readonly string[] Names =
    [
        EventLine.Tenant, EventLine.Stream, EventLine.Aggregate, EventLine.Version, EventLine.Position, EventLine.Id, EventLine.Type,
        EventLine.TypeVersion, EventLine.Timestamp, EventLine.CorrelationId, EventLine.CausationId, EventLine.UserName,
        EventLine.Headers, EventLine.Tags, EventLine.Data,
        EventLine.TruncatedBefore, EventLine.State, EventLine.Link,
    ];

    private static readonly string[] Required =
        [
            EventLine.Tenant,
            EventLine.Stream,
            EventLine.Version,
            EventLine.Id,
            EventLine.Type,
            EventLine.TypeVersion,
            EventLine.Timestamp,
            EventLine.Data
        ];

    private static readonly string[] RequiredOfLink = [
        EventLine.Tenant,
        EventLine.Stream,
        EventLine.Version,
        EventLine.Link,
        EventLine.Timestamp
    ];

    private static readonly string[] OfLink = [
        .. RequiredOfLink,
        EventLine.Aggregate,
        EventLine.Position,
        EventLine.TruncatedBefore,
        EventLine.State
    ];

    private readonly ReadOnlySpan<byte> _line;
    private Utf8JsonReader _reader;
    private int _seen;
    private string? _tenant;
    private string? _stream;
    private string? _aggregate;
    private long _version;
    private Guid _id;
    private string? _type;
    private int _typeVersion;
    private DateTimeOffset _timestamp;
    private string? _correlationId;
    private string? _causationId;
    private string? _userName;
    private long _truncatedBefore = 1;
    private short _state;
    private Dictionary<string, string>? _headers;
    private List<Tag>? _tags;
    private byte[]? _data;

    private EventLineParser(ReadOnlySpan<byte> line)
    {
        _line = line;
        _reader = new Utf8JsonReader(line, EventLine.ReaderOptions);
    }

    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name holds an escape that is no character.</exception>
    /// <exception cref="FormatException">It is JSON, but does not describe an event.</exception>
    /// <exception cref="ArgumentException">It describes an impossible event.</exception>
    public static ImportedEvent Parse(ReadOnlySpan<byte> line) => new EventLineParser(line).Parse();

    private ImportedEvent Parse()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("The line is not a JSON object.");

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadProperty(FindName());

        // The reader fails if anything follows the object.
        _reader.Read();
        return Saw(EventLine.Link) ? Link() : Event();
    }

    private readonly ImportedEvent Link()
    {
        Require(RequiredOfLink);
        foreach (var name in Names)
        {
            if (Saw(name) && !OfLink.Contains(name))
                throw new FormatException($"The line of a link has no '{name}'.");
        }

        return new ImportedEvent(new StreamId(_stream!), _version, _id)
        {
            TenantId = new TenantId(_tenant!),
            Timestamp = _timestamp,
            AggregateType = _aggregate,
            TruncatedBefore = _truncatedBefore,
            StreamState = _state,
            IsExported = true,
        };
    }

    private readonly ImportedEvent Event()
    {
        Require(Required);
        if (_id == Guid.Empty)
            throw new FormatException("The id is empty.");

        return new ImportedEvent(new StreamId(_stream!), _version, _type!, _typeVersion, _data)
        {
            Id = _id,
            TenantId = new TenantId(_tenant!),
            Timestamp = _timestamp,
            AggregateType = _aggregate,
            CorrelationId = _correlationId,
            CausationId = _causationId,
            UserName = _userName,
            Headers = _headers,
            Tags = _tags ?? [],
            TruncatedBefore = _truncatedBefore,
            StreamState = _state,
            IsExported = true,
        };
    }

    private readonly void Require(string[] names)
    {
        foreach (var name in names)
        {
            if (!Saw(name))
                throw new FormatException($"The line has no '{name}'.");
        }
    }

    private readonly bool Saw(string name) => (_seen & (1 << Array.IndexOf(Names, name))) != 0;

    private string FindName()
    {
        for (var index = 0; index < Names.Length; index++)
        {
            if (!_reader.ValueTextEquals(Names[index]))
                continue;

            if ((_seen & (1 << index)) != 0)
                throw new FormatException($"'{Names[index]}' occurs twice in the line.");

            _seen |= 1 << index;
            return Names[index];
        }

        throw new FormatException($"'{_reader.GetString()}' does not belong in such a line.");
    }

    private void ReadProperty(string name)
    {
        _reader.Read();
        switch (name)
        {
            case EventLine.Tenant: _tenant = ReadText(name); break;
            case EventLine.Stream: _stream = ReadText(name); break;
            case EventLine.Aggregate: _aggregate = ReadText(name); break;
            case EventLine.Version: _version = ReadVersion(name); break;
            case EventLine.TruncatedBefore: _truncatedBefore = ReadVersion(name); break;
            case EventLine.State: _state = ReadState(name); break;
            case EventLine.Position: ReadNumber(name); break;
            case EventLine.Id or EventLine.Link: _id = ReadId(name); break;
            case EventLine.Type: _type = ReadText(name); break;
            case EventLine.TypeVersion: _typeVersion = (int)Math.Min(ReadNumber(name), int.MaxValue); break;
            case EventLine.Timestamp: _timestamp = ReadTime(name); break;
            case EventLine.CorrelationId: _correlationId = ReadText(name); break;
            case EventLine.CausationId: _causationId = ReadText(name); break;
            case EventLine.UserName: _userName = ReadText(name); break;
            case EventLine.Headers: _headers = ReadHeaders(name); break;
            case EventLine.Tags: _tags = ReadTags(name); break;
            default: _data = ReadData(); break;
        }
    }

    private string ReadText(string name) => _reader.TokenType != JsonTokenType.String || StorableJson.FindFault(ref _reader) is not null
        ? throw Unfit(name, "a text that PostgreSQL can keep")
        : _reader.GetString()!;

    private long ReadNumber(string name) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) && number >= 1
            ? number
            : throw Unfit(name, "a number of 1 or more");

    private long ReadVersion(string name) =>
        ReadNumber(name) is var version && version <= ImportedEvent.MaxVersion
            ? version
            : throw Unfit(name, $"a number up to {ImportedEvent.MaxVersion}");

    private short ReadState(string name) => ReadText(name) switch
    {
        EventLine.Archived => StreamStates.Archived,
        EventLine.Deleted => StreamStates.Deleted,
        _ => throw Unfit(name, $"'{EventLine.Archived}' or '{EventLine.Deleted}'"),
    };

    private Guid ReadId(string name) =>
        _reader.TokenType == JsonTokenType.String && _reader.TryGetGuid(out var id) ? id : throw Unfit(name, "a UUID");

    private DateTimeOffset ReadTime(string name) =>
        _reader.TokenType == JsonTokenType.String && _reader.TryGetDateTimeOffset(out var time)
            ? time
            : throw Unfit(name, "an ISO 8601 time");

    private Dictionary<string, string> ReadHeaders(string name)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Unfit(name, "an object of texts");

        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (StorableJson.FindFault(ref _reader) is not null)
                throw Unfit(name, "an object of texts that PostgreSQL can keep");

            var key = _reader.GetString()!;
            _reader.Read();
            headers[key] = ReadText(name);
        }

        return headers;
    }

    private List<Tag> ReadTags(string name)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Unfit(name, "an array of texts");

        var tags = new List<Tag>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            tags.Add(Tag.Parse(ReadText(name)));

        return tags;
    }

    // The import checks the data, like that of other sources.
    private byte[] ReadData()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _line[start..(int)_reader.BytesConsumed].ToArray();
    }

    private static FormatException Unfit(string name, string expected) => new($"'{name}' is not {expected}.");
}
