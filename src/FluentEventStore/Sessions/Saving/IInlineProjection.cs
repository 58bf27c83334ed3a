using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>What is derived from events in the unit of work that appends them, and so is never behind.</summary>
internal interface IInlineProjection
{
    /// <summary>Finds what a unit changes in it; <see langword="null"/> if nothing.</summary>
    /// <exception cref="ArgumentException">A stream is started for an aggregate whose snapshot cannot have its id.</exception>
    IInlineFolding? FindFolding(EventUnit unit);
}
