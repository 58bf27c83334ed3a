namespace FluentEventStore.Subscriptions;

/// <inheritdoc cref="IStoreSubscriptions"/>
internal sealed class StoreSubscriptions(StatusReader status, RangeControls controls, PositionLookup positions, TimeSpan lease)
    : IStoreSubscriptions
{
    public StatusReader Status => status;

    public Task<IReadOnlyList<SubscriptionStatus>> StatusAsync(CancellationToken cancellationToken = default) =>
        status.FetchAsync(name: null, lease, cancellationToken);

    public Task PauseAsync(string name, CancellationToken cancellationToken = default) =>
        controls.PauseAsync(Checked(name), cancellationToken);

    public Task ResumeAsync(string name, CancellationToken cancellationToken = default) =>
        controls.ResumeAsync(Checked(name), cancellationToken);

    public Task RewindAsync(string name, long position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return controls.RewindAsync(Checked(name), position, cancellationToken);
    }

    public Task ResetAsync(string name, long position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return controls.ResetAsync(Checked(name), position, cancellationToken);
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        controls.DeleteAsync(Checked(name), cancellationToken);

    public Task<long> PositionAtAsync(DateTimeOffset instant, CancellationToken cancellationToken = default) =>
        positions.FindAsync(instant, cancellationToken);

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
