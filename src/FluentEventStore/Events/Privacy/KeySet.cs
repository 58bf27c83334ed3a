using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The keys that a unit or a page needs, held until it is done, since the cache may lose them before.</summary>
internal sealed class KeySet(TenantId ofTenant, IReadOnlyDictionary<SubjectId, SubjectKey> fetched, ISubjectKeySource others)
    : ISubjectKeySource
{
    public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
    {
        if (tenantId == ofTenant && fetched.TryGetValue(subject, out key))
            return true;

        return others.TryGet(tenantId, subject, out key);
    }

    /// <summary>These keys, and those of another set.</summary>
    public KeySet With(ISubjectKeySource further) => new(ofTenant, fetched, further);
}
