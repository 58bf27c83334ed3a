using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The keys that a unit or a page needs, held until it is done with: those in the cache may be gone by then.</summary>
internal sealed class KeySet(TenantId owner, IReadOnlyDictionary<SubjectId, SubjectKey> fetched, ISubjectKeySource others) : ISubjectKeySource
{
    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key) =>
        (tenantId == owner && fetched.TryGetValue(subject, out key)) || others.TryGet(tenantId, subject, out key);

    /// <summary>These keys, and those of another set.</summary>
    public KeySet With(ISubjectKeySource further) => new(owner, fetched, further);
}
