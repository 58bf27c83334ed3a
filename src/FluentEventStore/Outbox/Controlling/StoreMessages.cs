using FluentEventStore.Messages;

namespace FluentEventStore.Outbox;

/// <inheritdoc cref="IStoreMessages"/>
internal sealed class StoreMessages(MessageControls controls, MessageStatusReader status, MessageSignal signal) : IStoreMessages
{
    public Task<MessagesStatus> StatusAsync(CancellationToken cancellationToken = default) => status.FetchAsync(cancellationToken);

    public Task<IReadOnlyList<ScheduledMessage>> ListScheduledAsync(CancellationToken cancellationToken = default) =>
        ListScheduledAsync(DateTimeOffset.MinValue, maxCount: 100, cancellationToken);

    public Task<IReadOnlyList<ScheduledMessage>> ListScheduledAsync(
        DateTimeOffset after, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return status.ListScheduledAsync(after, maxCount, cancellationToken);
    }

    public async Task<bool> RetryAsync(Guid id, CancellationToken cancellationToken = default) =>
        await RetryAnyAsync(id, cancellationToken).ConfigureAwait(false) > 0;

    public Task<int> RetryAsync(CancellationToken cancellationToken = default) => RetryAnyAsync(id: null, cancellationToken);

    public async Task<bool> DropAsync(Guid id, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StorableText.Check(reason, nameof(reason));
        var isDropped = await controls.DropAsync(id, reason, cancellationToken).ConfigureAwait(false);
        signal.Set();
        return isDropped;
    }

    private async Task<int> RetryAnyAsync(Guid? id, CancellationToken cancellationToken)
    {
        var count = await controls.RetryAsync(id, cancellationToken).ConfigureAwait(false);
        signal.Set();
        return count;
    }
}
