namespace FluentEventStore.Installations;

/// <summary>One way to PostgreSQL's programs on this machine.</summary>
internal interface IInstallationSearch
{
    /// <summary>The major version that this way leads to; <see langword="null"/> if that is known only afterwards.</summary>
    string? Major => null;

    /// <summary>Every usable installation, the preferred one first; what is not usable is added to <paramref name="tried"/>.</summary>
    Task<IReadOnlyList<PostgresInstallation>> FindAsync(ICollection<string> tried, CancellationToken cancellationToken);
}
