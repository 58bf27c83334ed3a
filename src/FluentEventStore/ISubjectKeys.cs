namespace FluentEventStore;

/// <summary>
/// Keeps the keys of personal data: by default in the table <c>subject_keys</c>, beside the store. Another implementation may keep them in
/// a vault, apart from the data and its backups. It is used by several threads at once. What it returns is kept in memory for 60 seconds at
/// most.
/// </summary>
/// <remarks>The same subject in two tenants is two subjects. What the implementation throws reaches the caller of the session.</remarks>
public interface ISubjectKeys
{
    /// <summary>Finds keys for reading.</summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="subjects">One or more subjects, none twice.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>
    /// The key of each subject that has one, and <see cref="SubjectKey.Forgotten"/> for each subject that had one; no entry for the others.
    /// </returns>
    Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Finds keys for writing, and creates those that are missing: 32 random bytes, stored durably before this returns, and the same for
    /// all who ask at once. A key that was destroyed is never created again.
    /// </summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="subjects">One or more subjects, none twice.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>An entry for each subject; <see cref="SubjectKey.Forgotten"/> if its key was destroyed.</returns>
    Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
        TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Takes keys from another store that came with an exported file. A subject that has a key, or whose key was destroyed, keeps what it
    /// has.
    /// </summary>
    /// <param name="tenantId">The tenant of the subjects.</param>
    /// <param name="keys">A key for each of one or more subjects, stored durably before this returns.</param>
    /// <param name="cancellationToken">Ends the call; keys that were taken stay.</param>
    /// <exception cref="NotSupportedException">The implementation takes no keys of other stores. This is the default.</exception>
    Task AddAsync(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> keys, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{GetType()} takes no keys of other stores: it does not implement {nameof(AddAsync)}.");

    /// <summary>Destroys the key of a subject, and remembers that, even if there was no key yet.</summary>
    /// <returns>Whether there was a key until now, it was destroyed before, or there never was one.</returns>
    Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken);
}
