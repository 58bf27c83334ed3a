namespace FluentEventStore.Subscriptions;

/// <summary>Why a run of a range ended.</summary>
internal enum RunEnd
{
    /// <summary>The range is another's, or was changed as a whole: nothing of what was under way is written.</summary>
    Fenced,

    /// <summary>An operator paused it.</summary>
    Paused,

    /// <summary>It stopped at an event, and gave the range up with that.</summary>
    Faulted,

    /// <summary>The server was started anew, or another one took over: what was read before counts no more.</summary>
    ServerChanged,

    /// <summary>It gave one tenant a range of its own.</summary>
    TenantApart,
}
