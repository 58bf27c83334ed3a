using System.Runtime.ExceptionServices;

namespace FluentEventStore.Serialization;

/// <summary>
/// A recorded event whose data cannot be read, in its place among others: what is known besides the data is as it was recorded. It comes
/// only where it is asked for.
/// </summary>
internal sealed class UnreadableEvent(in EventMetadata metadata, ExceptionDispatchInfo failure) : IEvent, IRecordedEvent
{
    private readonly EventMetadata _metadata = metadata;

    /// <summary>
    /// Why: an <see cref="UnknownEventTypeException"/>, or an <see cref="EventSerializationException"/> if its JSON does not fit, an
    /// upcaster failed, or the key of personal data is lost.
    /// </summary>
    public ExceptionDispatchInfo Failure { get; } = failure;

    /// <summary>Whether its type is unknown to the process; otherwise its data cannot be read.</summary>
    public bool IsOfUnknownType => Failure.SourceException is UnknownEventTypeException;

    public EventMetadata Metadata => _metadata;

    public Guid Id => _metadata.Id;

    public long Position => _metadata.Position;

    public StreamId StreamId => _metadata.StreamId;

    public long Version => _metadata.Version;

    public string TypeName => _metadata.TypeName;

    public int TypeVersion => _metadata.TypeVersion;

    public DateTimeOffset Timestamp => _metadata.Timestamp;

    /// <exception cref="EventException">Always: the failure.</exception>
    public object Data
    {
        get
        {
            Failure.Throw();
            return null!;
        }
    }

    public string? CorrelationId => _metadata.CorrelationId;

    public string? CausationId => _metadata.CausationId;

    public string? UserName => _metadata.UserName;

    public IReadOnlyDictionary<string, string> Headers => _metadata.Headers;

    public TenantId TenantId => _metadata.TenantId;

    public EventLink? Link => _metadata.Link;

    public override string ToString() => $"{StreamId}/{Version} {TypeName}: {Failure.SourceException.GetType().Name}";
}
