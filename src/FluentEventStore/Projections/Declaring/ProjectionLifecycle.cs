namespace FluentEventStore;

/// <summary>When what is derived from events is brought up to date.</summary>
public enum ProjectionLifecycle
{
    /// <summary>In the unit of work that appends the events: it is never behind.</summary>
    Inline,

    /// <summary>
    /// By a daemon that follows the log, in the background: an append costs nothing more, and what is derived is behind for some
    /// milliseconds.
    /// </summary>
    Async,
}
