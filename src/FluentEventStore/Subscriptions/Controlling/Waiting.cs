namespace FluentEventStore.Subscriptions;

/// <summary>Waits until subscriptions have got to a position.</summary>
internal sealed class Waiting(StatusReader status, Func<Task> moved, TimeSpan lease, TimeProvider clock)
{
    /// <summary>How long after a look the next one follows, if nothing in this process moves.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until all ranges of subscriptions have handled everything up to a position.</summary>
    /// <param name="names">Which subscriptions.</param>
    /// <param name="position">The position.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SubscriptionStoppedException">One does not get there by itself.</exception>
    /// <exception cref="SubscriptionNotFoundException">There is none of a name.</exception>
    public async Task RunAsync(IReadOnlyCollection<string> names, long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = moved();
            var all = await status.FetchAsync(name: null, lease, cancellationToken).ConfigureAwait(false);
            if (names.Count(name => IsThere(all, name, position)) == names.Count)
                return;

            await Task.WhenAny(next, Task.Delay(Interval, clock, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static bool IsThere(IReadOnlyList<SubscriptionStatus> all, string name, long position)
    {
        var found = all.LastOrDefault(one => one.Name == name) ?? throw new SubscriptionNotFoundException(name);
        foreach (var range in found.Ranges)
        {
            if (range.Position >= position)
                continue;

            if (range.State is SubscriptionState.Faulted or SubscriptionState.Paused)
                throw new SubscriptionStoppedException(
                    name, range.Position, position, range.State == SubscriptionState.Paused ? "it is paused." : $"it is faulted: {range.Failure}");

            return false;
        }

        return true;
    }
}
