namespace FluentEventStore.Subscriptions;

/// <summary>Why a worker ended.</summary>
internal enum WorkEnd
{
    /// <summary>The range is another's, or was changed as a whole: nothing of what was under way is written.</summary>
    Fenced,

    /// <summary>An operator paused it.</summary>
    Paused,

    /// <summary>It stopped at an event, and gave the range up with that.</summary>
    Faulted,
}
