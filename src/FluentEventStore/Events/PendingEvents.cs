using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>The events of one call, waiting to be saved; its methods add to all of them.</summary>
public readonly struct PendingEvents
{
    private readonly IReadOnlyList<PendingEvent>? _all;
    private readonly int _start;
    private readonly int _count;

    internal PendingEvents(IReadOnlyList<PendingEvent> all, int start, int count)
    {
        _all = all;
        _start = start;
        _count = count;
    }

    /// <summary>Gives the only event of the call an id: the same id makes the same event, which is written once however often it is saved.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="InvalidOperationException">The call has not exactly one event; use <see cref="WithEventIds"/>.</exception>
    public PendingEvents WithEventId(Guid id)
    {
        if (_count != 1)
            throw new InvalidOperationException($"One id cannot be given to {_count} events; use WithEventIds.");

        return WithEventIds([id]);
    }

    /// <summary>Gives each event of the call an id, in their order.</summary>
    /// <exception cref="ArgumentException">An id is empty, or there are not as many ids as events.</exception>
    public PendingEvents WithEventIds(IReadOnlyList<Guid> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count != _count)
            throw new ArgumentException($"{ids.Count} ids were given for {_count} events.", nameof(ids));

        if (ids.Contains(Guid.Empty))
            throw new ArgumentException("An event id is not empty.", nameof(ids));

        for (var index = 0; index < _count; index++)
            _all![_start + index].Id = ids[index];

        return this;
    }

    /// <summary>Sets a header on each event of the call; it wins over a header of the session.</summary>
    /// <exception cref="ArgumentException">The key is empty, or a text holds NUL or a lone surrogate.</exception>
    public PendingEvents WithHeader(string key, string value)
    {
        EventHeaders.Check(key, value);
        for (var index = 0; index < _count; index++)
            (_all![_start + index].Headers ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;

        return this;
    }
}
