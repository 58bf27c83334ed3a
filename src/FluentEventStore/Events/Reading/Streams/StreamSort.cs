namespace FluentEventStore;

/// <summary>What a list of streams is sorted by. Streams that are equal in it are sorted by id.</summary>
public enum StreamSort
{
    /// <summary>The id, compared by its bytes.</summary>
    Id,

    /// <summary>The version, which is how many events were appended.</summary>
    Version,

    /// <summary>The timestamp of the first unit of work.</summary>
    Created,

    /// <summary>The timestamp of the last unit of work.</summary>
    LastAppended,
}
