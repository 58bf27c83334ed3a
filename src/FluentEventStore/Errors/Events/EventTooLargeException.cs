using System.Globalization;

namespace FluentEventStore;

/// <summary>The JSON of an event is larger than the store takes.</summary>
/// <remarks>
/// Nothing was sent, and the session holds what it held. Keep large content elsewhere and its address in the event, make several events of
/// it, or raise <see cref="EventOptions.MaxBytesOfEvent"/>. An import refuses such an event with <see cref="ImportFault.TooLarge"/>.
/// </remarks>
public sealed class EventTooLargeException : EventException
{
    /// <param name="location">The event.</param>
    /// <param name="size">How many bytes its JSON has.</param>
    /// <param name="limit">How many it may have.</param>
    public EventTooLargeException(EventLocation location, long size, long limit)
        : base(
            location,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{location}: its JSON has {size} bytes, but the store takes at most {limit} (options.Events.MaxBytesOfEvent)."))
    {
        Size = size;
        Limit = limit;
    }

    /// <summary>How many bytes the JSON has, as UTF-8, after personal data is encrypted.</summary>
    public long Size { get; }

    /// <summary>How many it may have.</summary>
    public long Limit { get; }
}
