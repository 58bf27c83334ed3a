using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>An event that happened elsewhere and is imported, with its version, its time and its metadata.</summary>
public sealed class ImportedEvent
{
    /// <summary>A stream cannot have more events than there are positions.</summary>
    internal const long MaxVersion = EventTables.MaxPosition;

    private readonly object? _data;
    private readonly EventType? _type;
    private readonly ReadOnlyMemory<byte> _json;
    private DateTimeOffset _timestamp;

    /// <summary>An event whose type is registered.</summary>
    /// <param name="streamId">The stream it belongs to.</param>
    /// <param name="version">Its place in the stream: 1 to 2^48 - 1, and one more than that of the event before.</param>
    /// <param name="data">The event.</param>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or the type of the data is no event type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The version is out of range.</exception>
    public ImportedEvent(StreamId streamId, long version, object data)
        : this(streamId, version)
    {
        ArgumentNullException.ThrowIfNull(data);
        var type = EventCatalog.Get(data.GetType(), nameof(data));
        (_data, _type) = (data, type);
        (TypeName, TypeVersion) = (type.Name, type.Version);
    }

    /// <summary>An event in its stored form. Its type need not be registered.</summary>
    /// <param name="streamId">The stream it belongs to.</param>
    /// <param name="version">Its place in the stream: 1 to 2^48 - 1, and one more than that of the event before.</param>
    /// <param name="typeName">The name under which the event is stored, 1 to 250 characters.</param>
    /// <param name="typeVersion">Which shape of the named type it is: 1 or more.</param>
    /// <param name="json">The data: one JSON value in UTF-8, checked when it is imported. It must not change until then.</param>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or the name cannot be stored.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A version is out of range.</exception>
    public ImportedEvent(StreamId streamId, long version, string typeName, int typeVersion, ReadOnlyMemory<byte> json)
        : this(streamId, version)
    {
        StorableText.CheckKey(typeName, "type name", StreamId.MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(typeVersion, 1);
        _json = json;
        (TypeName, TypeVersion) = (typeName, typeVersion);
    }

    /// <summary>A link to an event, of an exported file.</summary>
    internal ImportedEvent(StreamId streamId, long version, Guid linkedId)
        : this(streamId, version) => (Id, IsLink) = (linkedId, true);

    private ImportedEvent(StreamId streamId, long version)
    {
        _ = streamId.Value;
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, MaxVersion);
        StreamId = streamId;
        Version = version;
        TypeName = "";
    }

    /// <summary>The stream the event belongs to.</summary>
    public StreamId StreamId { get; }

    /// <summary>The place of the event in its stream.</summary>
    public long Version { get; }

    /// <summary>The name under which the event is stored.</summary>
    public string TypeName { get; }

    /// <summary>Which shape of the named type it is.</summary>
    public int TypeVersion { get; }

    /// <summary>When it happened. Stored in UTC, to the microsecond.</summary>
    public required DateTimeOffset Timestamp
    {
        get => _timestamp;
        init => _timestamp = value.ToUniversalTime().AddTicks(-(value.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>The tenant the stream belongs to.</summary>
    /// <value>Default: <see cref="TenantId.Default"/>.</value>
    public TenantId TenantId { get; init; }

    /// <summary>Unique in the store. By it, an import that is run again skips events that are there already.</summary>
    /// <value>
    /// Default: <see cref="Guid.Empty"/>: the import makes one from the timestamp, the tenant, the stream, the version and a secret of the
    /// store. It is the same in each run, and nobody else can guess and take it beforehand.
    /// </value>
    public Guid Id { get; init; }

    /// <summary>What the event's unit of work belonged to.</summary>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? CorrelationId
    {
        get;
        init => field = Storable(value, nameof(CorrelationId));
    }

    /// <summary>What caused the event's unit of work.</summary>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? CausationId
    {
        get;
        init => field = Storable(value, nameof(CausationId));
    }

    /// <summary>On whose behalf the event was written.</summary>
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public string? UserName
    {
        get;
        init => field = Storable(value, nameof(UserName));
    }

    /// <summary>The name of the aggregate that the stream was started for. The first event of the stream that names one decides.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long or cannot be stored.</exception>
    public string? AggregateType
    {
        get;
        init
        {
            if (value is not null)
                StorableText.CheckKey(value, "name of an aggregate", StreamId.MaxLength);

            field = value;
        }
    }

    /// <summary>Further metadata; <see langword="null"/> or empty for none. It is copied.</summary>
    /// <exception cref="ArgumentException">A key is empty, or a text holds NUL or a lone surrogate.</exception>
    public IReadOnlyDictionary<string, string>? Headers
    {
        get;
        init
        {
            var headers = new Dictionary<string, string>(value ?? new Dictionary<string, string>(), StringComparer.Ordinal);
            foreach (var (key, text) in headers)
                EventHeaders.Check(key, text);

            field = value is null ? null : headers;
        }
    }

    /// <summary>The tags of the event, besides those that the properties of a registered type make. They are copied.</summary>
    /// <value>Default: none. An event in its stored form has only these.</value>
    /// <exception cref="ArgumentException">A tag is <see langword="default"/>.</exception>
    public IReadOnlyList<Tag> Tags
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = [.. value];
            foreach (var tag in field)
                Tag.ThrowIfDefault(tag, nameof(value));
        }
    } = [];

    /// <summary>
    /// The lowest version of the stream that the exported store still reads; 1 if that is below the event. What comes after the first event
    /// that is read says nothing of those before: they may be others than the ones that were exported earlier.
    /// </summary>
    internal long TruncatedBefore
    {
        get => field >= Version ? field : 1;
        init;
    } = 1;

    /// <summary>The state of the stream in the exported store, if the event is its last one.</summary>
    internal short StreamState { get; init; }

    /// <summary>Whether the event comes from an exported file: its personal data may be encrypted.</summary>
    internal bool IsExported { get; init; }

    /// <summary>Whether it is no event but a link: its version leads to the event with the id.</summary>
    internal bool IsLink { get; }

    /// <summary>The type of the event, if it is registered.</summary>
    internal EventType? Type => _type ?? (EventCatalog.TryGet(TypeName, TypeVersion, out var type) ? type : null);

    /// <summary>The event; <see langword="null"/> if it is in its stored form.</summary>
    internal object? Data => _data;

    /// <summary>The JSON of an event in its stored form.</summary>
    internal ReadOnlyMemory<byte> Json => _json;

    /// <summary>All tags of the event, each once.</summary>
    internal IEnumerable<Tag> AllTags() => _type is null ? Tags.Distinct() : _type.TagsOf(_data!).Union(Tags);

    /// <summary>What is wrong with the given JSON; <see langword="null"/> if nothing is, or none was given.</summary>
    internal string? FindFault() => _type is null && !IsLink ? StorableJson.FindFault(_json.Span) : null;

    private static string? Storable(string? value, string name)
    {
        StorableText.Check(value, name);
        return value;
    }
}
