namespace FluentEventStore;

/// <summary>An event could not be linked to a stream.</summary>
/// <remarks>Nothing was written and the session is still usable.</remarks>
public sealed class LinkRefusedException(StreamId streamId, Guid eventId, LinkFault fault)
    : FluentEventStoreException($"Event {eventId} cannot be linked to stream '{streamId}': {Reason(fault)}.")
{
    /// <summary>The stream that the link was to stand in.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The event.</summary>
    public Guid EventId { get; } = eventId;

    /// <summary>What is wrong with it.</summary>
    public LinkFault Fault { get; } = fault;

    private static string Reason(LinkFault fault) => fault switch
    {
        LinkFault.EventMissing => "there is no such event",
        LinkFault.OwnEvent => "it is an event of the stream itself",
        _ => "it is linked already",
    };
}
