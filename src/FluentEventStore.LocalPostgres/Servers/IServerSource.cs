namespace FluentEventStore.Servers;

/// <summary>One way to get a server.</summary>
internal interface IServerSource
{
    /// <returns>Null if this way does not exist here; then the reason is added to <paramref name="tried"/>.</returns>
    /// <exception cref="LocalPostgresException">The way exists but failed.</exception>
    Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken);
}
