namespace FluentEventStore.Outbox;

/// <summary>A message of a lane that this process has taken, as it is stored.</summary>
internal sealed record ClaimedMessage(long Number, Guid Id, string? Key, string TypeName, ReadOnlyMemory<byte> Json)
{
    public string? CorrelationId { get; init; }

    public string? CausationId { get; init; }

    public string? UserName { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public string? Trace { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; init; }
}
