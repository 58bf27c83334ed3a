namespace FluentEventStore.Serialization;

internal sealed class RecordedEvent<T>(T data, in EventMetadata metadata) : IEvent<T>, IRecordedEvent
    where T : notnull
{
    private readonly EventMetadata _metadata = metadata;

    public EventMetadata Metadata => _metadata;

    public Guid Id => _metadata.Id;

    public long Position => _metadata.Position;

    public StreamId StreamId => _metadata.StreamId;

    public long Version => _metadata.Version;

    public string TypeName => _metadata.TypeName;

    public int TypeVersion => _metadata.TypeVersion;

    public DateTimeOffset Timestamp => _metadata.Timestamp;

    public T Data { get; } = data;

    object IEvent.Data => Data;

    public string? CorrelationId => _metadata.CorrelationId;

    public string? CausationId => _metadata.CausationId;

    public string? UserName => _metadata.UserName;

    public IReadOnlyDictionary<string, string> Headers => _metadata.Headers;

    public TenantId TenantId => _metadata.TenantId;

    public EventLink? Link => _metadata.Link;

    public override string ToString() => $"{StreamId}/{Version} {TypeName}: {Data}";
}
