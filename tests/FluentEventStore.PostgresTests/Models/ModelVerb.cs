namespace FluentEventStore.PostgresTests.Models;

/// <summary>What a unit can be asked to do to a stream.</summary>
public enum ModelVerb
{
    Unarchive,
    Undelete,
    Append,
    Start,
    AppendToFetched,
    Link,
    Expect,
    Truncate,
    Compact,
    Archive,
    Delete,
    Tombstone,
    HardDelete,
}
