namespace FluentEventStore.Subscriptions;

/// <summary>Which of the subscriptions that keep projections there are to be. They come and go with what is built.</summary>
internal interface IProjectionBuilds
{
    /// <summary>Enters what this process declares.</summary>
    /// <returns>What is kept or built by now: their subscriptions are to be begun.</returns>
    Task<IReadOnlyCollection<ProjectionBuild>> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Takes what is built a step further, if it is time. Called again and again.</summary>
    Task TendAsync(CancellationToken cancellationToken);

    /// <summary>What is kept or built by now, of what this process declares.</summary>
    Task<IReadOnlyCollection<ProjectionBuild>> ActiveAsync(CancellationToken cancellationToken);

    /// <summary>What sessions of this process read, of the projections that it declares.</summary>
    Task<IReadOnlyCollection<ProjectionBuild>> ServingAsync(CancellationToken cancellationToken);
}
