using System.Collections.Concurrent;

namespace FluentEventStore.Hosting;

/// <summary>Where subscriptions stood when they were checked, and since when: the checks themselves are made anew each time.</summary>
internal sealed class SubscriptionProgress(TimeProvider clock)
{
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

        var standing = _standings.AddOrUpdate(
            key,
            _ => new Standing(status.Position, clock.GetTimestamp()),
            (_, before) => before.Position == status.Position ? before : new Standing(status.Position, clock.GetTimestamp()));
        return clock.GetElapsedTime(standing.Since);
    }

    private sealed record Standing(long Position, long Since);
}
