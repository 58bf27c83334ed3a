namespace FluentEventStore;

/// <summary>
/// Where the keys of personal data are kept. By default in the table <c>subject_keys</c>, beside the store; another implementation may keep
/// them in a vault, apart from the data and its backups. Used by several threads at once; what it returns is kept in memory for 60 seconds
/// at most.
/// </summary>
/// <remarks>A subject is one within its tenant. What it throws reaches the caller of the session.</remarks>
public interface ISubjectKeys
{
    /// <summary>Finds keys for reading.</summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="subjects">One or more subjects, none twice.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>
    /// The key of each subject that has one, <see cref="SubjectKey.Forgotten"/> of each that had one; without the others.
    /// </returns>
    Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Finds keys for writing, and creates those that are missing: 32 random bytes, kept for good before this returns, the same for all who
    /// ask at once. A key that was destroyed is never created again.
    /// </summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="subjects">One or more subjects, none twice.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>An entry for each subject; <see cref="SubjectKey.Forgotten"/> where its key was destroyed.</returns>
    Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Takes keys that come from another store, with a file that was exported with them. A subject that has a key, or whose key was
    /// destroyed, keeps what it has.
    /// </summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="keys">A key for each of one or more subjects, kept for good before this returns.</param>
    /// <param name="cancellationToken">Ends the call; keys that were taken stay.</param>
    /// <exception cref="NotSupportedException">Keys are made here only: so it is unless the implementation says otherwise.</exception>
    Task AddAsync(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> keys, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{GetType()} takes no keys of other stores: it does not implement {nameof(AddAsync)}.");

    /// <summary>Destroys the key of a subject, and remembers that it was: also where there was none yet.</summary>
    /// <returns>Whether there was a key until now, or was destroyed before, or there never was any.</returns>
    Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken);
}
