namespace FluentEventStore.Events;

/// <summary>What a chunk of an import holds of one stream.</summary>
internal sealed class ImportedStream(ImportedEvent first, int ordinal)
{
    public TenantId TenantId { get; } = first.TenantId;

    public StreamId StreamId { get; } = first.StreamId;

    /// <summary>Which stream of the chunk it is; 1 is the first.</summary>
    public int Ordinal { get; } = ordinal;

    public long FirstVersion { get; } = first.Version;

    public long LastVersion { get; private set; } = first.Version;

    public string? AggregateType { get; private set; } = first.AggregateType;

    public long TruncatedBefore { get; private set; } = first.TruncatedBefore;

    /// <summary>Whether the chunk has its last event and it is deleted in the exported store.</summary>
    public bool IsDeleted { get; private set; } = first.StreamState >= StreamStates.Deleted;

    public DateTimeOffset Created { get; } = first.Timestamp;

    public DateTimeOffset Appended { get; private set; } = first.Timestamp;

    public void Extend(ImportedEvent next)
    {
        LastVersion = next.Version;
        AggregateType ??= next.AggregateType;
        TruncatedBefore = long.Max(TruncatedBefore, next.TruncatedBefore);
        IsDeleted = next.StreamState >= StreamStates.Deleted;
        Appended = next.Timestamp;
    }
}
