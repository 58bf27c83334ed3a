namespace FluentEventStore;

/// <summary>
/// By which key the events of a subscription are kept in order. Events of one key are handled one after the other; those of different keys
/// may be handled at the same time, by several processes.
/// </summary>
/// <remarks>
/// Its name is stored with the checkpoint. Another name is another order: a subscription that is declared with it does not run until its
/// partition is changed. A different function under the same name cannot be noticed, and handles events out of order.
/// </remarks>
public sealed class Partition
{
    private readonly Func<IEvent, string?> _key;

    private Partition(string name, Func<IEvent, string?> key) => (Name, _key) = (name, key);

    /// <summary>By the stream that the event is recorded in. The default.</summary>
    public static Partition ByStream { get; } = new("stream", static @event => @event.StreamId.Value);

    /// <summary>By the correlation id of the event; an event without one is alone.</summary>
    public static Partition ByCorrelation { get; } = new("correlation", static @event => @event.CorrelationId);

    /// <summary>All events of a stream that is followed with its links, one after the other.</summary>
    internal static Partition OfFollowedStream { get; } = new("followed-stream", static _ => "");

    /// <summary>By tenant alone: the events of a tenant are handled one after the other.</summary>
    public static Partition ByTenant { get; } = new("tenant", static _ => "");

    /// <summary>The stored name.</summary>
    public string Name { get; }

    /// <summary>By a key of your own. The tenant is always a part of it.</summary>
    /// <param name="name">What the key stands for: 1 to 250 characters.</param>
    /// <param name="key">
    /// Gives the key of an event, always the same for the same event; <see langword="null"/> for an event that needs no order.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, too long, or holds a control character or a lone surrogate.</exception>
    public static Partition By(string name, Func<IEvent, string?> key)
    {
        StorableText.CheckKey(name, "partition", SubscriptionBuilder.MaxNameLength);
        ArgumentNullException.ThrowIfNull(key);
        return name is "stream" or "correlation" or "tenant" or "followed-stream"
            ? throw new ArgumentException($"A partition named '{name}' exists already, with a key of its own.", nameof(name))
            : new Partition(name, key);
    }

    /// <summary>The key of an event; <see langword="null"/> if it needs no order.</summary>
    internal string? KeyOf(IEvent @event) => _key(@event);
}
