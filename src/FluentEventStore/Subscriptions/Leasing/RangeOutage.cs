namespace FluentEventStore.Subscriptions;

/// <summary>Whether a range waits for a database: that of the store, or one that its handler uses.</summary>
internal sealed class RangeOutage(Outages outages, RangeKey range)
{
    private bool _isOn;
    private bool _isOfHandler;
    private long _triedAt;

    /// <summary>The range tries something.</summary>
    public void Try() => _triedAt = outages.Now;

    /// <summary>One does not answer.</summary>
    public void Begin(Exception failure, bool isOfHandler = false)
    {
        (_isOn, _isOfHandler) = (true, isOfHandler);
        outages.Begin(range, failure, _triedAt);
    }

    /// <summary>The database of the store answers.</summary>
    public void Answered()
    {
        if (_isOn && !_isOfHandler)
            End();
    }

    /// <summary>Nothing keeps it waiting.</summary>
    public void End()
    {
        if (!_isOn)
            return;

        _isOn = false;
        outages.End(range);
    }
}
