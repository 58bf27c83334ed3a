namespace FluentEventStore;

/// <summary>When a view of events is brought up to date.</summary>
public enum ProjectionLifecycle
{
    /// <summary>In the unit of work that appends the events: the view is never behind.</summary>
    Inline,
}
