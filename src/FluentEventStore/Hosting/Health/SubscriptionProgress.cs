using System.Collections.Concurrent;

namespace FluentEventStore.Hosting;

/// <summary>Where subscriptions stood when they were checked, and since when: the checks themselves are made anew each time.</summary>
internal sealed class SubscriptionProgress(TimeProvider clock)
{
    private const long Missing = -1;

    private readonly ConcurrentDictionary<(TenantId? Owner, string Name), Standing> _standings = new();

    /// <summary>Notes where a subscription stands.</summary>
    /// <param name="owner">The tenant whose database it is in; <see langword="null"/> if all share one.</param>
    /// <param name="status">Where it stands.</param>
    /// <returns>
    /// For how long it has been seen there while it had something to do; zero if it has nothing, has moved, or is paused by somebody.
    /// </returns>
    public TimeSpan Note(TenantId? owner, SubscriptionStatus status)
    {
        var key = (owner, status.Name);
        if (status.Lag == 0 || status.State == SubscriptionState.Paused)
        {
            _standings.TryRemove(key, out _);
            return TimeSpan.Zero;
        }

        return Note(key, status.Position);
    }

    /// <summary>Notes that one is missing.</summary>
    /// <returns>For how long it has been seen missing.</returns>
    public TimeSpan NoteMissing(TenantId? owner, string name) => Note((owner, name), Missing);

    private TimeSpan Note((TenantId? Owner, string Name) key, long position)
    {
        var standing = _standings.AddOrUpdate(
            key,
            _ => new Standing(position, clock.GetTimestamp()),
            (_, before) => before.Position == position ? before : new Standing(position, clock.GetTimestamp()));
        return clock.GetElapsedTime(standing.Since);
    }

    private sealed record Standing(long Position, long Since);
}
