namespace FluentEventStore.Serialization;

/// <summary>An event of the store, whose metadata may lack a position yet.</summary>
internal interface IRecordedEvent
{
    EventMetadata Metadata { get; }
}
