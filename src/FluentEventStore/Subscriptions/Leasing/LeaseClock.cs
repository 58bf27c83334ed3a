namespace FluentEventStore.Subscriptions;

/// <summary>
/// Since when a node has been seen to be alive without a break. Only then may it take what is another's: after an absence of the server,
/// every node looks dead to the first one that comes back.
/// </summary>
internal sealed class LeaseClock(TimeSpan lease, TimeProvider clock)
{
    private long? _since;
    private long _last;

    /// <summary>The node was written down as alive.</summary>
    public void Beat()
    {
        var now = clock.GetTimestamp();
        if (_since is null || clock.GetElapsedTime(_last, now) > lease)
            _since = now;

        _last = now;
    }

    /// <summary>Whether that has gone on for a whole lease.</summary>
    public bool IsUnbroken => _since is { } since && clock.GetElapsedTime(since, _last) >= lease;
}
