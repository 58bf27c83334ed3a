namespace FluentEventStore;

/// <summary>The unit of work holds personal data of a subject that was forgotten.</summary>
/// <remarks>
/// Nothing was written. A forgotten subject is never given a key again: somebody who comes back is a new subject with a new id.
/// </remarks>
public sealed class SubjectForgottenException(TenantId tenantId, SubjectId subject)
    : FluentEventStoreException($"The subject '{subject}' was forgotten: no more personal data of it can be stored.")
{
    /// <summary>The tenant of the subject.</summary>
    public TenantId TenantId { get; } = tenantId;

    /// <summary>The subject.</summary>
    public SubjectId Subject { get; } = subject;
}
