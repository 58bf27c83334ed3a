namespace FluentEventStore.Subscriptions;

/// <summary>There is no projection among what is carried.</summary>
internal sealed class NoProjections : IProjectionBuilds
{
    public Task<IReadOnlyCollection<ProjectionBuild>> BeginAsync(CancellationToken cancellationToken) => ActiveAsync(cancellationToken);

    public Task TendAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyCollection<ProjectionBuild>> ActiveAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<ProjectionBuild>>([]);

    public Task<IReadOnlyCollection<ProjectionBuild>> ServingAsync(CancellationToken cancellationToken) => ActiveAsync(cancellationToken);
}
