namespace FluentEventStore.Subscriptions;

/// <summary>Whether there is room for another delivery, and whether somebody found that there was none and is to be told.</summary>
/// <param name="size">How many are out at most.</param>
internal sealed class PullRoom(int size)
{
    private bool _isFull;

    /// <summary>Whether there is room. If not, the next one who makes some is told that somebody waits for it.</summary>
    /// <param name="countOut">How many are out.</param>
    public bool IsThere(Func<int> countOut)
    {
        if (countOut() < size)
            return true;

        // Whoever answered before this was set has told nobody.
        Volatile.Write(ref _isFull, true);
        return countOut() < size;
    }

    /// <summary>Deliveries are not out any more.</summary>
    /// <returns>Whether somebody may wait for that.</returns>
    public bool Make() => Interlocked.Exchange(ref _isFull, false);
}
