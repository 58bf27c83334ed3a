namespace FluentEventStore;

/// <summary>An aggregate loaded for a decision, and the stream that its new events go to.</summary>
/// <typeparam name="T">The type of the aggregate.</typeparam>
public interface IEventStream<out T>
    where T : class
{
    /// <summary>The stream.</summary>
    StreamId StreamId { get; }

    /// <summary>The state when it was loaded; <see langword="null"/> if the stream has no aggregate.</summary>
    T? Aggregate { get; }

    /// <summary>
    /// The version that the stream was at when it was loaded; 0 if it had no events. Saving expects exactly this version. What the same
    /// session saves after it moves the version on, so that more can be appended; <see cref="Aggregate"/> stays as it was loaded.
    /// </summary>
    long Version { get; }

    /// <summary>Appends events when the session is saved. Without an event, saving expects the version all the same.</summary>
    /// <exception cref="ArgumentException">An event is null or of no event type: the message names its index.</exception>
    /// <exception cref="AggregateIdException">
    /// The stream has no aggregate, and the events give it an id that is not a text and not the stream's.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The session is being saved, expects another version of the stream, or ends it already.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    PendingEvents Append(params object[] events);

    /// <inheritdoc cref="Append(object[])"/>
    PendingEvents Append(IEnumerable<object> events);
}
