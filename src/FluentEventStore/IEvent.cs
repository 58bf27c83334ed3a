namespace FluentEventStore;

/// <summary>An event as it was recorded: its data and where it stands.</summary>
public interface IEvent
{
    /// <summary>Unique in the store, and made by the client: by default a UUID of version 7.</summary>
    Guid Id { get; }

    /// <summary>Where the event stands in the order of all events of the store: 1 or more, increasing, with gaps.</summary>
    /// <exception cref="InvalidOperationException">The event is being folded into an inline snapshot and has no position yet.</exception>
    long Position { get; }

    /// <summary>The stream that holds the event.</summary>
    StreamId StreamId { get; }

    /// <summary>Where the event stands in its stream: the first has version 1, without gaps.</summary>
    long Version { get; }

    /// <summary>The stored name of the event's type. If an upcaster led to another name, <see cref="Data"/> is of that one.</summary>
    string TypeName { get; }

    /// <summary>Which shape of the named type was stored. If upcasters led on from it, <see cref="Data"/> is of a newer one.</summary>
    int TypeVersion { get; }

    /// <summary>When the unit of work was saved, by the clock of its writer: UTC, to the microsecond. Do not order events by it.</summary>
    DateTimeOffset Timestamp { get; }

    /// <summary>The event itself.</summary>
    object Data { get; }

    /// <summary>What the event's unit of work belongs to, for instance a request; set in its session.</summary>
    string? CorrelationId { get; }

    /// <summary>What caused the event's unit of work, for instance a command or another event; set in its session.</summary>
    string? CausationId { get; }

    /// <summary>On whose behalf the event was written; set in its session.</summary>
    string? UserName { get; }

    /// <summary>Further metadata, text to text; empty if none was set.</summary>
    IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The tenant that the stream belongs to.</summary>
    TenantId TenantId { get; }

    /// <summary>
    /// The link through which the event was read; <see langword="null"/> if it was read from its own stream or from the log. Everything
    /// else is that of the event itself: <see cref="StreamId"/> and <see cref="Version"/> are where it was recorded.
    /// </summary>
    EventLink? Link { get; }
}
