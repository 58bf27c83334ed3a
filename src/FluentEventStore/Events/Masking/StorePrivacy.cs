using FluentEventStore.Events;

namespace FluentEventStore;

/// <inheritdoc cref="IStorePrivacy"/>
internal sealed class StorePrivacy : IStorePrivacy
{
    private readonly Func<TenantId, SubjectKeyCache> _keys;
    private readonly Func<TenantId?, Masking> _masking;

    /// <param name="keys">The keys of a tenant.</param>
    /// <param name="masking">What masks the events of a tenant, or those of all.</param>
    internal StorePrivacy(Func<TenantId, SubjectKeyCache> keys, Func<TenantId?, Masking> masking) => (_keys, _masking) = (keys, masking);

    public Task<ForgetReport> ForgetAsync(SubjectId subject, CancellationToken cancellationToken = default) =>
        ForgetAsync(subject, TenantId.Default, cancellationToken);

    public async Task<ForgetReport> ForgetAsync(SubjectId subject, TenantId tenantId, CancellationToken cancellationToken = default)
    {
        SubjectId.ThrowIfDefault(subject);
        return new ForgetReport(
            await _keys(tenantId).ForgetAsync(tenantId, subject, cancellationToken).ConfigureAwait(false), subject, tenantId);
    }

    public Task<MaskReport> MaskAsync(StreamId streamId, CancellationToken cancellationToken = default) =>
        MaskAsync(streamId, TenantId.Default, cancellationToken);

    public Task<MaskReport> MaskAsync(StreamId streamId, TenantId tenantId, CancellationToken cancellationToken = default) =>
        RunAsync(streamId, tenantId, progress: null, cancellationToken);

    public Task<MaskReport> MaskAsync(
        StreamId streamId, TenantId tenantId, IProgress<MaskReport> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return RunAsync(streamId, tenantId, progress, cancellationToken);
    }

    public Task<MaskReport> MaskAsync(EventFilter filter, CancellationToken cancellationToken = default) =>
        RunAsync(filter, progress: null, cancellationToken);

    public Task<MaskReport> MaskAsync(EventFilter filter, IProgress<MaskReport> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return RunAsync(filter, progress, cancellationToken);
    }

    private Task<MaskReport> RunAsync(
        StreamId streamId, TenantId tenantId, IProgress<MaskReport>? progress, CancellationToken cancellationToken)
    {
        StreamId.ThrowIfDefault(streamId);
        return _masking(tenantId).RunAsync(tenantId, streamId, progress, cancellationToken);
    }

    private Task<MaskReport> RunAsync(EventFilter filter, IProgress<MaskReport>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _masking(filter.Tenants.Count == 1 ? new TenantId(filter.Tenants.Single()) : default(TenantId?)).RunAsync(
            filter, progress, cancellationToken);
    }
}
