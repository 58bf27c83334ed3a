using FluentEventStore.Events;

namespace FluentEventStore;

/// <summary>Forgets the subjects of personal data.</summary>
public sealed class StorePrivacy
{
    private readonly Func<TenantId, SubjectKeyCache> _keys;

    internal StorePrivacy(Func<TenantId, SubjectKeyCache> keys) => _keys = keys;

    /// <summary>
    /// Destroys the key of a subject. Its events stay; their personal data reads as its replacement from now on, in other processes after 60 seconds at most. There is no
    /// way back: the subject is never given a key again, and storing personal data of it throws <see cref="SubjectForgottenException"/>.
    /// </summary>
    /// <param name="subject">The subject: a <see cref="Guid"/>, a number or a text.</param>
    /// <param name="tenantId">Its tenant. Default: <see cref="TenantId.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>Whether there was a key until now. Forgetting twice does nothing.</returns>
    /// <remarks>Snapshots and documents that the application copied the data to are not changed.</remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke while forgetting: forget again.</exception>
    public Task<bool> ForgetAsync(SubjectId subject, TenantId tenantId = default, CancellationToken cancellationToken = default)
    {
        if (subject.IsDefault)
            throw new ArgumentException("default(SubjectId) is no subject id.", nameof(subject));

        return _keys(tenantId).ForgetAsync(tenantId, subject, cancellationToken);
    }
}
