namespace FluentEventStore.Proofs.Events.Reading.Differential;

/// <summary>An event as the model knows it. Its position is known once the log is written.</summary>
internal sealed record LoggedEvent(
    Guid Id,
    LoggedStream Stream,
    long Version,
    string TypeName,
    DateTimeOffset Timestamp,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyCollection<string> Tags)
{
    public long Position { get; set; }

    /// <summary>Whether it can be shown: now, or when its stream is shown again.</summary>
    public bool IsKept => Version >= Stream.TruncatedBefore && Stream.State != LoggedStream.Tombstoned;
}
