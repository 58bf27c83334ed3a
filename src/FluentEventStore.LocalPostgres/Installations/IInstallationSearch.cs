namespace FluentEventStore.Installations;

/// <summary>One way to PostgreSQL's programs on this machine.</summary>
internal interface IInstallationSearch
{
    /// <summary>The major version that this way leads to; <see langword="null"/> where that shows only when it is gone.</summary>
    string? Major => null;

    /// <summary>Every usable installation, the preferred one first; what was not usable is added to <paramref name="tried"/>.</summary>
    Task<IReadOnlyList<PostgresInstallation>> FindAsync(ICollection<string> tried, CancellationToken cancellationToken);
}
