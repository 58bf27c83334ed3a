namespace FluentEventStore;

/// <summary>Why an event cannot be linked to a stream.</summary>
public enum LinkFault
{
    /// <summary>The tenant has no event with the id.</summary>
    EventMissing,

    /// <summary>The event is one of the stream itself.</summary>
    OwnEvent,

    /// <summary>The stream holds a link to the event already.</summary>
    LinkedAlready,
}
