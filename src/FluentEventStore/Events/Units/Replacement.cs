using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The event that takes the place of those that a compaction removes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Json">Its data, valid as long as the payloads of the unit are.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record Replacement(Guid Id, EventType Type, ReadOnlyMemory<byte> Json, string[] Tags)
{
    /// <summary>The event as it will be recorded in the place of another one.</summary>
    /// <param name="replaced">The metadata of the event that it replaces. It keeps it except for its own id and type.</param>
    /// <param name="keys">The keys that its unit was encrypted with; <see langword="null"/> if it holds no personal data.</param>
    public IEvent Foresee(EventMetadata replaced, ISubjectKeySource? keys)
    {
        var metadata = replaced with { Id = Id, TypeName = Type.Name, TypeVersion = Type.Version };
        var json = StoredJson.Of(Json).Span;
        return Type.HoldsPersonalData ? PersonalData.Read(Type, metadata, json, keys!) : EventJson.Read(Type, metadata, json);
    }
}
