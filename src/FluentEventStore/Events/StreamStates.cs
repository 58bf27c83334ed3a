namespace FluentEventStore.Events;

/// <summary>The values of the column <c>state</c> of streams.</summary>
internal static class StreamStates
{
    public const short Active = 0;
    public const short Archived = 1;
    public const short Deleted = 2;
    public const short Tombstoned = 3;
}
