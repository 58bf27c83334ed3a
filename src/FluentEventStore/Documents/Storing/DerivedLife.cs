namespace FluentEventStore.Documents;

/// <summary>When a view began and changed, by the timestamps of its events: so it is the same whenever it is derived.</summary>
/// <param name="Created">The event that it began with.</param>
/// <param name="Modified">The last event that concerned it.</param>
/// <param name="IsDeleted">Whether that deleted it. Its row stays, and says up to which event.</param>
internal readonly record struct DerivedLife(DateTimeOffset Created, DateTimeOffset Modified, bool IsDeleted)
{
    /// <summary>What a deleted view holds.</summary>
    public static ReadOnlyMemory<byte> Nothing { get; } = "{}"u8.ToArray();
}
