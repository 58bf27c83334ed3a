namespace FluentEventStore.Events;

/// <summary>How long to pause before listening is tried again.</summary>
internal sealed class ListeningPace
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Where nobody can listen, that changes by a fail-over or by another configuration.</summary>
    public static readonly TimeSpan Refused = TimeSpan.FromMinutes(5);

    private TimeSpan _next = Shortest;

    /// <summary>The connection works.</summary>
    public void Works() => _next = Shortest;

    /// <summary>The connection was lost, or there was none.</summary>
    public TimeSpan Lost()
    {
        var pause = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return pause;
    }
}
