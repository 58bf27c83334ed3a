namespace FluentEventStore.Fetching;

/// <summary>One way to fetch a package.</summary>
internal interface IBinaryFetch
{
    /// <summary>What fetches, as the line of progress names it.</summary>
    string Name { get; }

    /// <summary>Why this way does not exist on this machine; <see langword="null"/> if it does.</summary>
    Task<string?> FindObstacleAsync(CancellationToken cancellationToken);

    /// <summary>Fetches and unpacks into an empty folder.</summary>
    /// <returns>The folder below it that holds <c>bin</c>, <c>lib</c> and <c>share</c>.</returns>
    /// <exception cref="FetchException">It could not be fetched.</exception>
    /// <exception cref="LocalPostgresException">What was fetched is not what is expected.</exception>
    Task<string> FetchAsync(BinaryPackage package, string folder, CancellationToken cancellationToken);
}
