namespace FluentEventStore.Events;

/// <summary>What the SQL for reading the log depends on; each shape has its own text.</summary>
[Flags]
internal enum LogShape
{
    /// <summary>Everything, forwards.</summary>
    None = 0,
    Types = 1,
    StreamPrefixes = 2,
    AggregateTypes = 4,
    Headers = 8,
    Earliest = 16,
    Latest = 32,

    /// <summary>Of certain tenants.</summary>
    Tenants = 64,

    /// <summary>Of more than one tenant, so that each row says which.</summary>
    TenantColumn = 128,
    Backwards = 256,

    /// <summary>With recorded events that are hidden: those of deleted streams, and truncated ones.</summary>
    Hidden = 512,

    /// <summary>Of certain streams.</summary>
    StreamIds = 1024,

    /// <summary>Of one stream of one tenant alone, so that its key finds the events.</summary>
    OneStream = 2048,

    /// <summary>Of certain tags.</summary>
    Tags = 4096,

    /// <summary>Of certain tags of one tenant, in any of its streams, so that the rows of a tag find the events.</summary>
    OneTag = 8192,
}
