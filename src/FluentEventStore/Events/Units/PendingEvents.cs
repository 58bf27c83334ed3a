using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>The events of one call, waiting to be saved; its methods add to all of them.</summary>
/// <remarks>
/// <see langword="default"/> is what a session returns that the tests of an application put in the place of the store's: its methods check
/// what they are given and do nothing.
/// </remarks>
public readonly struct PendingEvents
{
    private readonly PendingAppends? _appends;
    private readonly List<PendingEvent>? _events;

    internal PendingEvents(PendingAppends appends, List<PendingEvent> events) => (_appends, _events) = (appends, events);

    /// <summary>
    /// Gives the only event of the call an id. Events with the same id are the same event: it is written once, however often it is saved.
    /// </summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// The call does not have exactly one event; use <see cref="WithEventIds"/>. Or the event is saved already, or is being saved.
    /// </exception>
    public PendingEvents WithEventId(Guid id)
    {
        if (_events is { Count: not 1 })
            throw new InvalidOperationException($"One id cannot be given to {_events.Count} events; use WithEventIds.");

        return WithEventIds([id]);
    }

    /// <summary>Gives each event of the call an id, in their order.</summary>
    /// <exception cref="ArgumentException">An id is empty, or the numbers of ids and events differ.</exception>
    /// <exception cref="InvalidOperationException">The events are saved already, or are being saved.</exception>
    public PendingEvents WithEventIds(IReadOnlyList<Guid> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (_events is not null && ids.Count != _events.Count)
            throw new ArgumentException($"{ids.Count} ids were given for {_events.Count} events.", nameof(ids));

        if (ids.Contains(Guid.Empty))
            throw new ArgumentException("An event id must not be empty.", nameof(ids));

        CheckPending();
        for (var index = 0; index < (_events?.Count ?? 0); index++)
            _events![index].Id = ids[index];

        return Changed();
    }

    /// <summary>Sets a header on each event of the call; it wins over a header of the session.</summary>
    /// <param name="key">1 to 250 characters. An event has at most 100 headers of its own.</param>
    /// <param name="value">At most 8,000 characters.</param>
    /// <exception cref="ArgumentException">
    /// The key is empty, a text holds NUL or a lone surrogate or is too long, or there are too many headers.
    /// </exception>
    /// <exception cref="InvalidOperationException">The events are saved already, or are being saved.</exception>
    public PendingEvents WithHeader(string key, string value)
    {
        EventHeaders.Check(key, value);
        CheckPending();
        foreach (var @event in _events ?? [])
            @event.Headers = EventHeaders.Set(@event.Headers, key, value);

        return Changed();
    }

    /// <summary>Tags each event of the call.</summary>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">The events are saved already, or are being saved.</exception>
    public PendingEvents WithTag(Tag tag)
    {
        Tag.ThrowIfDefault(tag);
        CheckPending();
        foreach (var @event in _events ?? [])
            @event.AddTag(tag);

        return Changed();
    }

    /// <inheritdoc cref="WithTag(Tag)"/>
    public PendingEvents WithTag(string name, string value) => WithTag(new Tag(name, value));

    private void CheckPending()
    {
        _appends?.CheckOpen();
        if (_events is [{ IsPending: false }, ..])
            throw new InvalidOperationException(
                "The events of the call were saved or ejected: nothing can be added to them any more.");
    }

    // Called once the call cannot be refused any more: a refused call adds nothing.
    private PendingEvents Changed()
    {
        _appends?.Touch();
        return this;
    }
}
