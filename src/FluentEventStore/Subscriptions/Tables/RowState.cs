namespace FluentEventStore.Subscriptions;

/// <summary>What the row of a range says of it.</summary>
internal enum RowState
{
    /// <summary>It goes on.</summary>
    Open = 0,

    /// <summary>An event failed and will be tried again.</summary>
    Waiting = 1,

    /// <summary>It stopped at an event, and goes on when it is resumed.</summary>
    Faulted = 2,
}
