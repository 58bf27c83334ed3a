namespace FluentEventStore;

/// <summary>Ids that the store assigns: UUIDs of version 7, so that indexes of them grow at their end.</summary>
internal static class NewId
{
    /// <summary>A new id. An id begins with the milliseconds since 1970, so an earlier time counts as 1970.</summary>
    public static Guid At(DateTimeOffset now) => Guid.CreateVersion7(now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now);
}
