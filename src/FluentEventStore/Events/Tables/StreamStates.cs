namespace FluentEventStore.Events;

/// <summary>The values of the column <c>state</c> of streams.</summary>
internal static class StreamStates
{
    public const short Active = 0;

    /// <summary>Its events are read by those who ask for archived ones.</summary>
    public const short Archived = 1;

    /// <summary>Its events are read by followers of the log, and by those who ask for them.</summary>
    public const short Deleted = 2;

    /// <summary>Nobody reads its events, and nothing can be appended to it any more.</summary>
    public const short Tombstoned = 3;

    /// <summary>The highest state of the streams that a reader sees; lower ones are seen too.</summary>
    public static short Seen(bool includeArchived) => includeArchived ? Archived : Active;
}
