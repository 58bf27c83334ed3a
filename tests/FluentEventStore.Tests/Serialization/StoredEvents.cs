using System.Text;
using FluentEventStore.Serialization;

namespace FluentEventStore.Tests.Serialization;

/// <summary>
/// Writes and reads events as the store does, with the errors that a user gets. Everybody has a key; subject 13 is forgotten when events
/// are read.
/// </summary>
internal static class StoredEvents
{
    private static readonly Guid EventId = Guid.NewGuid();

    public static T Read<T>(string json) => (T)Read(Json.TypeOf(typeof(T)), Encoding.UTF8.GetBytes(json));

    public static object Read(EventType type, ReadOnlySpan<byte> json)
    {
        var metadata = new EventMetadata
        {
            Id = EventId,
            StreamId = "s",
            Version = 7,
            Position = 70,
            TypeName = type.Name,
            TypeVersion = type.Version
        };
        var read = type.HoldsPersonalData && SealedMark.MayBeIn(json)
            ? SealedEventJson.TryRead(type, metadata, json, new Keys(forgotten: "13"), kept: null, out _)!
            : EventJson.Read(type, metadata, json);
        return read.Data;
    }

    public static string Write<T>(T data)
        where T : notnull => Encoding.UTF8.GetString(Write(Json.TypeOf(typeof(T)), data));

    public static byte[] Write(EventType type, object data) =>
        EventDraft.Of(type, data, "s").Seal(new Sealing(default, EventId, new Keys()));

    private sealed class Keys(string? forgotten = null) : ISubjectKeySource
    {
        private static readonly SubjectKey Key = new(new byte[SubjectKey.Length]);

        public bool TryGet(TenantId tenantId, SubjectId subject, out SubjectKey key)
        {
            key = subject.Value == forgotten ? SubjectKey.Forgotten : Key;
            return true;
        }
    }
}
